// What src/report (C++) puts into the page. docs/formats/report-data.md says the same in words; change both together.

export const FORMAT = 1;

/** A photo that the page names: where it is in the map (-1: not drawn) and its picture in the sprite sheet (-1: none). */
export interface Photo {
  path: string;
  label: number;
  point: number;
  tile: number;
}

export interface Reject {
  path: string;
  stage: string;
  reason: string;
  detail: string;
  tile: number;
}

export interface Named {
  name: string;
  value: string;
}

export interface StageTime {
  /** list, read, decode, resize, infer, write, fit, reduce, augment, train, predict or evaluate */
  name: string;
  seconds: number;
}

export interface Component {
  /** 1 for the first */
  number: number;
  min: number;
  max: number;
  /** explained share of the variance, 0 to 1 */
  ratio: number;
}

export interface ClassInfo {
  /** as the label says; empty for photos without one */
  name: string;
  unlabelled: boolean;
  count: number;
  /** mean of the class in each shipped component, in its units */
  mean: number[];
  /** tile of the average of `averaged` photos; -1 where there is none */
  average: number;
  averaged: number;
  typical: Photo[];
  strange: Photo[];
}

export interface Similarity {
  /** class indices in the order of the clustering */
  order: number[];
  /** cosine of the class means, classes x classes, by class index, rounded to 3 digits */
  values: number[][];
  closest: { a: number; b: number; value: number }[];
}

export interface Prediction extends Photo {
  predicted: number;
  probability: number;
}

export interface Confusion {
  truth: number;
  predicted: number;
  count: number;
  photos: Photo[];
}

export interface Histogram {
  /** one more than bins */
  edges: number[];
  known: number[];
  unknown: number[];
  threshold: number;
  false_rejection: number;
  true_rejection: number | null;
  auroc: number | null;
}

export interface Classifier {
  /** held-back, cross-validated or evaluation */
  basis: string;
  photos: number;
  accuracy: number;
  macro_f1: number;
  ece: number;
  /** cells that are not 0 */
  confusion: Confusion[];
  /** by class index; null where it is not defined */
  per_class: { precision: number | null; recall: number | null; f1: number | null; support: number }[];
  reliability: { lower: number; upper: number; count: number; confidence: number; accuracy: number }[];
  mistakes: Prediction[];
  novelty: Histogram | null;
}

export interface Report {
  format: number;
  kind: "run" | "evaluation";
  pomona: string;
  source: string;
  dataset: string;
  counts: { listed: number; rows: number; rejects: number };
  rejects: {
    reasons: { stage: string; reason: string; count: number }[];
    list: Reject[];
    /** the command that tries them again */
    retry: string;
  };
  done: {
    network: Named[];
    settings: Named[];
    versions: Named[];
    stages: StageTime[];
    /** wall clock of the whole run */
    seconds: number;
    photos_per_second: number;
    /** name of the stage that limits the rate */
    limit: string;
  };
  scree: {
    ratio: number[];
    cumulative: number[];
    chosen: number;
    /** what the choice was by: "variance" with its share, "count", or "bundle": that of an evaluation's model */
    rule: string;
    target: number | null;
  };
  map: {
    points: number;
    rows: number;
    components: Component[];
    paths: { rows_per_block: number; offsets: number[] };
  };
  classes: ClassInfo[];
  similarity: Similarity | null;
  classifier: Classifier | null;
  sprite: { tile: number; columns: number; count: number; mime: string };
}

/** Reads the JSON object that stands in the page; throws where it is of another format. */
export function readReport(doc: Document): Report {
  const element = doc.getElementById("report");
  if (!element?.textContent) throw new Error("this file holds no data: it is the template of a report");
  const report = JSON.parse(element.textContent) as Report;
  if (report.format !== FORMAT) throw new Error(`data of format ${report.format}; this page reads ${FORMAT}`);
  element.remove();
  return report;
}
