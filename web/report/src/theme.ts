// Light or dark: the system's choice until the reader makes one.
export type Theme = "auto" | "light" | "dark";

const query = matchMedia("(prefers-color-scheme: dark)");
const printing = matchMedia("print");
const listeners = new Set<() => void>();
let chosen: Theme = "auto";

/** Whether the page is dark now; paper never is. */
export const isDark = (): boolean => !printing.matches && (chosen === "auto" ? query.matches : chosen === "dark");

export const theme = (): Theme => chosen;

export function setTheme(next: Theme): void {
  chosen = next;
  document.documentElement.dataset.theme = next;
  for (const listener of listeners) listener();
}

/** Calls back when the page turns light or dark; for what the style sheet cannot colour. */
export function onTheme(listener: () => void): void {
  listeners.add(listener);
}

/** Calls back when the page is about to be printed. Returns what ends that. */
export function onPaper(listener: () => void): () => void {
  const change = (): void => {
    if (printing.matches) listener();
  };
  addEventListener("beforeprint", listener);
  printing.addEventListener("change", change);
  return () => {
    removeEventListener("beforeprint", listener);
    printing.removeEventListener("change", change);
  };
}

export function forgetThemeListeners(): void {
  listeners.clear();
}

for (const media of [query, printing]) media.addEventListener("change", () => listeners.forEach((listener) => listener()));
