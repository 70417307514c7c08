// Which language the page speaks, and how it writes numbers.
import { en, type Words } from "./en";
import { fr } from "./fr";

export type { Words };
export type Language = "en" | "fr";
export const languages: Record<Language, Words> = { en, fr };

/** The reader's choice of this visit, else the browser's language, else English. */
export function preferredLanguage(): Language {
  return navigator.language.toLowerCase().startsWith("fr") ? "fr" : "en";
}

let locale: Language = "en";

export function setLocale(language: Language): Words {
  locale = language;
  document.documentElement.lang = language;
  return languages[language];
}

export const number = (value: number, digits = 0): string =>
  new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);

export const percent = (share: number | null | undefined, digits = 1): string =>
  share === null || share === undefined || !Number.isFinite(share)
    ? "–"
    : new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: digits }).format(share);

export const fixed = (value: number | null, digits: number): string =>
  value === null
    ? "–"
    : new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);

/** "28 s", "4 min 12 s", "2 h 5 min". */
export function duration(seconds: number): string {
  if (seconds < 60) return `${number(seconds, seconds < 1 ? 2 : seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Names in the order a reader of the language expects. */
export const compareNames = (a: string, b: string): number => a.localeCompare(b, locale, { numeric: true });
