// The browser's storage, which may be full or forbidden: then nothing is kept, and nothing breaks.

export function stored<T>(name: string, otherwise: T): T {
  try {
    const found = localStorage.getItem(`wence.${name}`);
    return found === null ? otherwise : (JSON.parse(found) as T);
  } catch {
    return otherwise;
  }
}

/** Whether there was room. */
export function store(name: string, value: unknown): boolean {
  try {
    localStorage.setItem(`wence.${name}`, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
