// A part of an open page as an SVG of shapes and text: no pixels inside, so it may stand in a repository and stays sharp.
import { colourOf, css } from "../src/map/palette.ts";

/** Runs in the page: what stands inside `selector`, as a list of SVG elements in its own coordinates. */
function trace(selector) {
  const root = document.querySelector(selector);
  const frame = root.getBoundingClientRect();
  const out = [];
  const escape = (text) => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
  const round = (value) => Math.round(value * 10) / 10;
  const seen = (colour) => colour && colour !== "none" && !/,\s*0\)$|\/ 0\)$|transparent/.test(colour);
  const family = (font) => (/Iowan|Georgia|serif(?!.*sans)/.test(font) && !/system-ui/.test(font) ? "Georgia,serif" : /monospace/.test(font) && !/system-ui/.test(font) ? "monospace" : "system-ui,sans-serif");

  function box(element, style) {
    const { left, top, width, height } = element.getBoundingClientRect();
    const [x, y] = [left - frame.left, top - frame.top];
    const radius = style.borderTopLeftRadius === style.borderBottomRightRadius ? Number.parseFloat(style.borderTopLeftRadius) || 0 : 0;
    const border = Number.parseFloat(style.borderTopWidth) && Number.parseFloat(style.borderLeftWidth) && seen(style.borderTopColor);
    if (seen(style.backgroundColor) || border) {
      out.push(`<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"${radius ? ` rx="${round(radius)}"` : ""} fill="${seen(style.backgroundColor) ? style.backgroundColor : "none"}"${border ? ` stroke="${style.borderTopColor}"` : ""}/>`);
    }
    if (border) return;
    for (const [side, at] of [["Top", y], ["Bottom", y + height]]) {
      if (!Number.parseFloat(style[`border${side}Width`]) || !seen(style[`border${side}Color`]) || style[`border${side}Style`] === "none") continue;
      out.push(`<path d="M${round(x)} ${round(at)}h${round(width)}" stroke="${style[`border${side}Color`]}"/>`);
    }
  }

  function line(text, rect, style) {
    const size = Number.parseFloat(style.fontSize);
    out.push(`<text x="${round(rect.left - frame.left)}" y="${round(rect.top - frame.top + rect.height / 2 + size * 0.35)}" textLength="${round(rect.width)}" lengthAdjust="spacingAndGlyphs" font-family="${family(style.fontFamily)}" font-size="${round(size)}"${Number(style.fontWeight) > 400 ? ` font-weight="${style.fontWeight}"` : ""} fill="${style.color}">${escape(text)}</text>`);
  }

  /** A text node, line by line. */
  function words(node, style) {
    const range = document.createRange();
    let [start, last] = [0, null];
    const text = node.data;
    const flush = (end) => {
      const part = text.slice(start, end);
      if (!part.trim()) return;
      range.setStart(node, start + part.length - part.trimStart().length);
      range.setEnd(node, start + part.trimEnd().length);
      const rect = range.getBoundingClientRect();
      if (rect.width > 1) line(part.trim(), rect, style);
    };
    for (let i = 0; i < text.length; i++) {
      range.setStart(node, i);
      range.setEnd(node, i + 1);
      const rect = range.getBoundingClientRect();
      if (!rect.width || !text[i].trim()) continue;
      if (last !== null && rect.top > last + 4) {
        flush(i);
        start = i;
      }
      last = rect.top;
    }
    flush(text.length);
  }

  /** The matrix's picture, cell by cell, alike neighbours of a row as one. */
  function cells(image) {
    const size = Number(image.getAttribute("width"));
    const [x0, y0] = [Number(image.getAttribute("x")), Number(image.getAttribute("y"))];
    const { pixels, count } = window.vectorImages.get(image.getAttribute("href"));
    const cell = size / count;
    const colour = (r, c) => `#${[0, 1, 2].map((i) => pixels[4 * (r * count + c) + i].toString(16).padStart(2, "0")).join("")}`;
    const group = document.createElementNS("http://www.w3.org/2000/svg", "g");
    for (let r = 0; r < count; r++) {
      for (let c = 0; c < count; ) {
        let end = c + 1;
        while (end < count && colour(r, end) === colour(r, c)) end++;
        const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
        for (const [name, value] of Object.entries({ x: round(x0 + c * cell), y: round(y0 + r * cell), width: round((end - c) * cell + 0.1), height: round(cell + 0.1), fill: colour(r, c) })) rect.setAttribute(name, value);
        group.append(rect);
        c = end;
      }
    }
    return group;
  }

  function drawing(element) {
    const { left, top, width, height } = element.getBoundingClientRect();
    const copy = element.cloneNode(true);
    const [from, to] = [[element, ...element.querySelectorAll("*")], [copy, ...copy.querySelectorAll("*")]];
    from.forEach((each, i) => {
      const style = getComputedStyle(each);
      const clone = to[i];
      if (each.tagName === "image") return clone.replaceWith(cells(each));
      if (style.visibility === "hidden" && each.tagName !== "svg") return clone.remove();
      for (const name of ["class", "style", "role", "aria-label", "aria-hidden", "tabindex", "visibility"]) clone.removeAttribute(name);
      if (each.tagName === "svg" || each.tagName === "g") return;
      const text = each.tagName === "text";
      for (const name of ["fill", "stroke", "opacity", ...(text ? ["font-size", "font-weight", "text-anchor", "paint-order"] : [])]) {
        const value = style.getPropertyValue(name);
        if (value && value !== { fill: "", stroke: "none", opacity: "1", "font-weight": "400", "text-anchor": "start", "paint-order": "normal" }[name]) clone.setAttribute(name, value.replace("px", ""));
      }
      if (seen(style.stroke)) clone.setAttribute("stroke-width", Number.parseFloat(style.strokeWidth));
      if (style.strokeDasharray !== "none") clone.setAttribute("stroke-dasharray", style.strokeDasharray.replaceAll("px", ""));
      if (text) clone.setAttribute("font-family", "system-ui,sans-serif");
    });
    copy.setAttribute("x", round(left - frame.left));
    copy.setAttribute("y", round(top - frame.top));
    copy.setAttribute("width", round(width));
    copy.setAttribute("height", round(height));
    copy.setAttribute("overflow", "visible");
    out.push(new XMLSerializer().serializeToString(copy).replace(' xmlns="http://www.w3.org/2000/svg"', "").replace(/="[^"]*"/g, (value) => value.replace(/(\d+\.\d\d)\d+/g, "$1")));
  }

  function field(element, style) {
    const text = element.tagName === "SELECT" ? element.selectedOptions[0].textContent : element.placeholder;
    if (!text) return;
    const { left, top, height } = element.getBoundingClientRect();
    const context = document.createElement("canvas").getContext("2d");
    context.font = style.font;
    line(text, { left: left + 11, top, height, width: Math.min(context.measureText(text).width, element.clientWidth - 22) }, style);
  }

  function walk(element) {
    const style = getComputedStyle(element);
    if (!element.checkVisibility() || element.closest(".visually-hidden")) return;
    const area = element.getBoundingClientRect();
    if (area.top > frame.bottom || area.bottom < frame.top) return;
    const clip = element.parentElement?.closest(".legend-list, .reject-list, .scroll");
    if (clip && area.bottom > clip.getBoundingClientRect().bottom + 1) return;
    if (element.matches(".map-canvas")) return out.push(`<!--points ${round(area.left - frame.left)} ${round(area.top - frame.top)} ${area.width} ${area.height}-->`);
    if (element.tagName === "svg") return drawing(element);
    if (element.matches(".map-hint")) return;
    if (element.type === "checkbox") {
      out.push(`<rect x="${round(area.left - frame.left + 1)}" y="${round(area.top - frame.top + 1)}" width="14" height="14" rx="2" fill="${element.checked ? style.accentColor : "none"}" stroke="${style.accentColor}"/>`);
      return;
    }
    if (element.type === "range") {
      const [x, y, share] = [area.left - frame.left, area.top - frame.top + area.height / 2, (element.value - element.min) / (element.max - element.min)];
      const at = x + 8 + share * (area.width - 16);
      out.push(`<path d="M${round(at)} ${round(y)}H${round(x + area.width)}" stroke="#888" stroke-width="4" opacity="0.5" stroke-linecap="round"/><path d="M${round(x)} ${round(y)}H${round(at)}" stroke="${style.accentColor}" stroke-width="6" stroke-linecap="round"/><circle cx="${round(at)}" cy="${round(y)}" r="8" fill="${style.accentColor}"/>`);
      return;
    }
    box(element, style);
    if (element.matches("select, input")) return field(element, style);
    for (const child of element.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) words(child, style);
      else if (child.nodeType === Node.ELEMENT_NODE) walk(child);
    }
  }
  walk(root);
  return { width: Math.ceil(frame.width), height: Math.ceil(frame.height), paper: getComputedStyle(document.body).backgroundColor, parts: out };
}

/** The pixels of pictures inside SVGs, which only load asynchronously. */
async function loadImages() {
  window.vectorImages = new Map();
  for (const image of document.querySelectorAll("svg image")) {
    const href = image.getAttribute("href");
    const picture = new Image();
    picture.src = href;
    await picture.decode();
    const context = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
    context.drawImage(picture, 0, 0);
    window.vectorImages.set(href, { pixels: context.getImageData(0, 0, picture.width, picture.height).data, count: picture.width });
  }
}

/** Points of the map, one path a class, in pixels of the stage. */
function dots({ map, labels, positions }, dark, [left, top, width, height], most) {
  const [x, y] = map.components;
  const scale = 0.92 * Math.min(width / (x.max - x.min), height / (y.max - y.min));
  const place = (component, axis, i) => (component.min + (positions[axis][i] / 65535) * (component.max - component.min) - (component.min + component.max) / 2) * scale;
  const paths = new Map();
  const step = Math.max(1, labels.length / most);
  for (let at = 0; at < labels.length; at += step) {
    const i = Math.floor(at);
    const mark = `M${(left + width / 2 + place(x, 0, i)).toFixed(1)} ${(top + height / 2 - place(y, 1, i)).toFixed(1)}h0`;
    paths.set(labels[i], (paths.get(labels[i]) ?? "") + mark);
  }
  return [...paths].map(([label, d]) => `<path d="${d}" stroke="${css(colourOf(label, dark))}" stroke-width="4.5" stroke-linecap="round" opacity="0.75"/>`).join("\n");
}

/** The SVG of what `selector` shows; `data` has the map's points. */
export async function vector(page, selector, data, { dark = false, points = 4000, pad = 24 } = {}) {
  await page.evaluate(loadImages);
  const { width, height, paper, parts } = await page.evaluate(trace, selector);
  const body = parts.join("\n").replace(/<!--points ([\d. -]+)-->/, (_all, area) => dots(data, dark, area.split(" ").map(Number), points));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${-pad} ${-pad} ${width + 2 * pad} ${height + 2 * pad}">\n<rect x="${-pad}" y="${-pad}" width="100%" height="100%" fill="${paper}"/>\n${body}\n</svg>\n`;
}
