export { quasiRandomPoint as startingPoint } from "./quasi-random.ts";
