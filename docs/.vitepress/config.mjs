import { defineConfig } from "vitepress";

const page = (text, link) => ({ text, link });

export default defineConfig({
  title: "hpo",
  description: "Hyperparameter optimization for anything that trains.",
  cleanUrls: true,
  // A dead link fails the build.
  ignoreDeadLinks: false,
  themeConfig: {
    search: { provider: "local" },
    sidebar: [
      {
        text: "Start",
        items: [
          page("Getting started", "/getting-started"),
          page("Python", "/python"),
          page("Questions", "/questions"),
        ],
      },
      {
        text: "Studies",
        items: [
          page("The spec", "/space"),
          page("Objectives", "/objectives"),
          page("Checkpoints", "/checkpoints"),
          page("Strategies", "/strategies"),
          page("Pruning, and how far to trust it", "/pruning"),
          page("GPUs and slots", "/gpus"),
          page("Kill, resume, verify", "/resume"),
          page("Simulate another scheduler", "/simulate"),
        ],
      },
      {
        text: "Other tools",
        items: [
          page("Optuna", "/optuna"),
          page("Ray Tune, W&B, CSV", "/tables"),
          page("Trackers: MLflow", "/trackers"),
        ],
      },
      {
        text: "Reference",
        items: [
          page("Commands", "/cli"),
          page("API", "/api"),
          page("Dashboard", "/gallery"),
          page("Benchmarks", "/benchmarks"),
        ],
      },
    ],
  },
});
