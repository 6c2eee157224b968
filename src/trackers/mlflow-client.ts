/** The part of MLflow's REST API 2.0 that a study needs: https://mlflow.org/docs/latest/rest-api.html */

/** Longest time of a request, in milliseconds. */
const TIMEOUT = 30_000;
/** Most that one request may carry. */
const MOST_METRICS = 800;
const MOST_PARAMS = 100;
const MOST_TAGS = 100;
/** Runs in one page of a search. */
const PAGE = 1_000;

export interface MlflowMetric {
  readonly key: string;
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly step: number;
}

export type Pairs = Readonly<Record<string, string>>;

export type RunStatus = "RUNNING" | "SCHEDULED" | "FINISHED" | "FAILED" | "KILLED";

export interface FoundRun {
  readonly id: string;
  readonly tags: Pairs;
  readonly start: number;
}

/** A request that failed. */
export class MlflowError extends Error {
  /** The server understood it and refuses it: the same again will fail again. */
  readonly refused: boolean;
  readonly code: string | undefined;

  constructor(message: string, options: { readonly refused: boolean; readonly code?: string | undefined }) {
    super(message);
    this.refused = options.refused;
    this.code = options.code;
  }
}

type Body = Readonly<Record<string, unknown>>;

export class MlflowClient {
  readonly #uri: string;
  readonly #headers: Pairs;

  /** @param environment may hold MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD */
  constructor(uri: string, environment: NodeJS.ProcessEnv) {
    this.#uri = uri.replace(/\/+$/, "");
    this.#headers = { "content-type": "application/json", ...authorization(environment) };
  }

  /** The experiment of a name, made where it is missing. */
  async experiment(name: string): Promise<string> {
    const found = await this.#findExperiment(name);
    if (found !== undefined) return found;
    try {
      return String((await this.#post("experiments/create", { name }))["experiment_id"]);
    } catch (error) {
      // Another study may have made it meanwhile.
      if (!(error instanceof MlflowError) || error.code !== "RESOURCE_ALREADY_EXISTS") throw error;
      const other = await this.#findExperiment(name);
      if (other === undefined) throw error;
      return other;
    }
  }

  async #findExperiment(name: string): Promise<string | undefined> {
    try {
      const query = new URLSearchParams({ experiment_name: name });
      const { experiment } = (await this.#request(`experiments/get-by-name?${query.toString()}`)) as {
        experiment?: Body;
      };
      return experiment === undefined ? undefined : String(experiment["experiment_id"]);
    } catch (error) {
      if (error instanceof MlflowError && error.code === "RESOURCE_DOES_NOT_EXIST") return undefined;
      throw error;
    }
  }

  /** All runs that have a tag with this value, deleted ones too. */
  async runs(experiment: string, tag: string, value: string): Promise<readonly FoundRun[]> {
    const found: FoundRun[] = [];
    let page: unknown;
    do {
      const answer = await this.#post("runs/search", {
        experiment_ids: [experiment],
        filter: `tags.\`${tag}\` = '${value}'`,
        run_view_type: "ALL",
        max_results: PAGE,
        ...(page === undefined ? {} : { page_token: page }),
      });
      for (const run of (answer["runs"] ?? []) as readonly { info: Body; data: { tags?: readonly Body[] } }[])
        found.push({
          id: String(run.info["run_id"]),
          start: Number(run.info["start_time"]),
          tags: Object.fromEntries((run.data.tags ?? []).map((each) => [String(each["key"]), String(each["value"])])),
        });
      page = answer["next_page_token"];
    } while (page !== undefined && page !== "");
    return found;
  }

  async createRun(experiment: string, name: string, start: number, tags: Pairs): Promise<string> {
    const answer = await this.#post("runs/create", {
      experiment_id: experiment,
      run_name: name,
      start_time: start,
      tags: toList(tags),
    });
    return String((answer["run"] as { info: Body }).info["run_id"]);
  }

  /** In as many requests as it takes. */
  async log(run: string, metrics: readonly MlflowMetric[], params: Pairs, tags: Pairs): Promise<void> {
    let [restMetrics, restParams, restTags] = [metrics, toList(params), toList(tags)];
    while (restMetrics.length + restParams.length + restTags.length > 0) {
      await this.#post("runs/log-batch", {
        run_id: run,
        metrics: restMetrics.slice(0, MOST_METRICS),
        params: restParams.slice(0, MOST_PARAMS),
        tags: restTags.slice(0, MOST_TAGS),
      });
      restMetrics = restMetrics.slice(MOST_METRICS);
      restParams = restParams.slice(MOST_PARAMS);
      restTags = restTags.slice(MOST_TAGS);
    }
  }

  async setStatus(run: string, status: RunStatus, end: number | undefined): Promise<void> {
    await this.#post("runs/update", { run_id: run, status, ...(end === undefined ? {} : { end_time: end }) });
  }

  async deleteRun(run: string): Promise<void> {
    await this.#post("runs/delete", { run_id: run });
  }

  #post(path: string, body: Body): Promise<Body> {
    return this.#request(path, body);
  }

  async #request(path: string, body?: Body): Promise<Body> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.#uri}/api/2.0/mlflow/${path}`, {
        method: body === undefined ? "GET" : "POST",
        headers: this.#headers,
        signal: AbortSignal.timeout(TIMEOUT),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      text = await response.text();
    } catch (error) {
      const { message, cause } = error as Error;
      throw new MlflowError(`${this.#uri} does not answer: ${(cause as Error | undefined)?.message ?? message}`, {
        refused: false,
      });
    }
    const answer = parse(text);
    if (response.ok && answer !== undefined) return answer;
    const { error_code: code, message } = answer ?? {};
    const said = typeof message === "string" ? message : text;
    throw new MlflowError(`${this.#uri} answered ${response.status} to ${path.split("?")[0]}: ${said.slice(0, 300)}`, {
      // Others may be cured: a proxy without its server, a full disk, a missing right.
      refused: response.status === 400 && code === "INVALID_PARAMETER_VALUE",
      code: typeof code === "string" ? code : undefined,
    });
  }
}

function parse(text: string): Body | undefined {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return undefined;
  }
}

function toList(pairs: Pairs): readonly { readonly key: string; readonly value: string }[] {
  return Object.entries(pairs).map(([key, value]) => ({ key, value }));
}

function authorization(environment: NodeJS.ProcessEnv): Pairs {
  const {
    MLFLOW_TRACKING_TOKEN: token,
    MLFLOW_TRACKING_USERNAME: user,
    MLFLOW_TRACKING_PASSWORD: password = "",
  } = environment;
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  if (user === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
}
