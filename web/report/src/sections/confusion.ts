// The confusion matrix, and the photos of the cell that the reader chose.
import { matrix } from "../charts/matrix";
import type { Classifier, Confusion } from "../data";
import { h, visible } from "../dom";
import { number } from "../i18n";
import { type Context, photoButton } from "../photo";

const MOST_OFTEN = 8;

export function confusion(context: Context, classifier: Classifier): HTMLElement {
  const { words, report } = context;
  const names = report.classes.map((info) => info.name);
  // Alike classes beside each other, then those without photos; classes that were neither asked nor answered are left out.
  const involved = new Set(classifier.confusion.flatMap((cell) => [cell.truth, cell.predicted]));
  const order = [...new Set([...(report.similarity?.order ?? []), ...names.keys()])].filter((label) => involved.has(label));
  const cells = new Map(classifier.confusion.map((cell) => [cell.truth * names.length + cell.predicted, cell]));
  const find = (r: number, c: number): Confusion | undefined => cells.get(order[r] * names.length + order[c]);
  const describe = (truth: number, predicted: number, count: number): string =>
    words.classifier.cell(visible(names[truth]), visible(names[predicted]), number(count));
  const photos = h("div", { class: "cell-photos", "aria-live": "polite" });
  const show = (cell: Confusion): void => {
    const pictures = cell.photos.map((photo) => photoButton(context, photo, 64));
    photos.replaceChildren(h("h4", {}, describe(cell.truth, cell.predicted, cell.count)),
      pictures.length ? h("div", { class: "strip" }, ...pictures) : h("p", { class: "note" }, words.classifier.noPhotos));
  };
  const wrong = classifier.confusion.filter((cell) => cell.truth !== cell.predicted).sort((a, b) => b.count - a.count);
  const often = wrong.slice(0, MOST_OFTEN).map((cell) =>
    h("li", {}, h("button", { type: "button", class: "link", click: () => show(cell) }, describe(cell.truth, cell.predicted, cell.count))));
  if (wrong.length) show(wrong[0]);
  return h("div", {},
    h("h3", {}, words.classifier.confusion), h("p", {}, words.classifier.confusionLead),
    h("div", { class: "columns wide-left" },
      matrix({
        order, names, label: words.classifier.matrix, hint: words.classes.hint,
        // The square root makes single mistakes seen beside hundreds of right answers.
        shade: (r, c) => Math.sqrt((find(r, c)?.count ?? 0) / Math.max(1, classifier.per_class[order[r]].support)),
        describe: (r, c) => describe(order[r], order[c], find(r, c)?.count ?? 0),
        choose: (r, c) => show(find(r, c) ?? { truth: order[r], predicted: order[c], count: 0, photos: [] }),
      }),
      h("div", {}, h("h4", {}, words.classifier.often),
        often.length ? h("ol", { class: "often" }, ...often) : h("p", {}, words.classifier.noMistakes), photos)));
}
