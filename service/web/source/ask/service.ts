// Routes in, JSON or a stream of events out; what goes wrong becomes one of two errors with a message for people.
import { words } from "../words/words";

/** Where the service is, and what a page of another origin shows it. */
export interface Service {
  base: string;
  token?: string;
  /** Called when the service asks for a key, or for another one. */
  locked?: () => void;
  /** Whether a call that failed was forbidden by the browser: the service is there, but not for this page. */
  forbidden?: () => Promise<boolean>;
}

export interface StreamEvent {
  name: string;
  data: any;
}

/** The one shape of every error of the service. */
export interface Failure {
  code: string;
  message: string;
}

/** The service refused, and says why. */
export class Refused extends Error {}

/** The connection is gone or the service is starting: worth trying again. */
export class Lost extends Error {}

export async function call<T>(service: Service, route: string, body?: unknown): Promise<T> {
  const response = await request(service, route, body);
  return await response.json().catch(() => {
    throw new Lost(words.value.errors.lost);
  });
}

export const text = async (service: Service, route: string) => (await request(service, route)).text();

/** Server-sent events of a POST. Throws Lost when the stream ends before `final` or `error`. */
export async function* stream(
  service: Service,
  route: string,
  body: unknown,
  signal: AbortSignal,
): AsyncGenerator<StreamEvent> {
  const response = await request(service, route, body, signal);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  while (true) {
    const { done, value } = await reader.read().catch(lost);
    if (done) throw new Lost(words.value.errors.lost);
    buffer += value;
    const blocks = buffer.split("\n\n");
    buffer = blocks.pop()!;
    for (const block of blocks) {
      const event = parsed(block);
      yield event;
      if (event.name === "final" || event.name === "error") return;
    }
  }
}

function parsed(block: string): StreamEvent {
  const field = (name: string) =>
    block
      .split("\n")
      .filter((line) => line.startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).trimStart())
      .join("\n");
  return { name: field("event"), data: JSON.parse(field("data") || "{}") };
}

async function request(service: Service, route: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (service.token) headers.Authorization = `Bearer ${service.token}`;
  const method = body === undefined ? "GET" : "POST";
  const url = `${service.base}${route}`;
  const response = await fetch(url, { method, headers, body: body && JSON.stringify(body), signal } as RequestInit).catch(async (error) => {
    if (error instanceof TypeError && (await service.forbidden?.())) throw new Refused(words.value.errors.origin(location.origin));
    return lost(error);
  });
  if (response.ok) return response;
  const error: Failure | undefined = (await response.json().catch(() => null))?.error;
  if (response.status === 401) service.locked?.();
  if (response.status === 503) throw new Lost(explained(error) ?? words.value.errors.lost);
  if (response.status === 429) throw new Refused(known(error) ?? words.value.errors.busy(response.headers.get("Retry-After")));
  throw new Refused(explained(error) ?? words.value.errors.status(response.status));
}

const known = (error?: Failure): string | undefined => words.value.codes[error?.code as keyof typeof words.value.codes];

/** What went wrong in the reader's language where the page has words for it, else in the service's own. */
export const explained = (error?: Failure): string | undefined => known(error) ?? error?.message;

function lost(error: unknown): never {
  if (error instanceof DOMException && error.name === "AbortError") throw error;
  throw new Lost(navigator.onLine ? words.value.errors.lost : words.value.errors.offline);
}
