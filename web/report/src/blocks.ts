// The binary arrays of the page: base64 in inert script elements, decoded when they are first asked for.
import type { Report } from "./data";

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const native = Uint8Array as unknown as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };
  if (native.fromBase64) return native.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** Takes a block out of the page, so that its text and its bytes are not both kept. */
function take(name: string): Uint8Array<ArrayBuffer> {
  const element = document.getElementById(`block-${name}`);
  if (!element) throw new Error(`the report lacks its block ${name}`);
  const bytes = decodeBase64((element.textContent ?? "").trim());
  element.remove();
  return bytes;
}

async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).text();
}

/** The arrays of one report. Every array is little-endian, as the page's machine must be. */
export class Blocks {
  private readonly components = new Map<number, Uint16Array>();
  private labelArray?: Uint8Array | Uint16Array;
  private pathBytes?: Uint8Array<ArrayBuffer>;
  private tileOfPoint?: Map<number, number>;
  private sizes?: Uint8Array;
  private spriteUrl?: string;
  private readonly pathBlocks = new Map<number, string[]>();

  constructor(private readonly report: Report) {}

  /** Quantised positions of all points along the component at an index of map.components. */
  component(index: number): Uint16Array {
    let array = this.components.get(index);
    if (!array) {
      array = new Uint16Array(take(`component-${index}`).buffer);
      this.components.set(index, array);
    }
    return array;
  }

  /** Class index of every point. */
  labels(): Uint8Array | Uint16Array {
    if (!this.labelArray) {
      const bytes = take("labels");
      this.labelArray = this.report.classes.length <= 256 ? bytes : new Uint16Array(bytes.buffer);
    }
    return this.labelArray;
  }

  get pathBlockCount(): number {
    return this.report.map.paths.offsets.length - 1;
  }

  /** Paths of one block of points, in their order. The last few blocks asked for are kept. */
  async paths(block: number): Promise<string[]> {
    const kept = this.pathBlocks.get(block);
    if (kept) return kept;
    this.pathBytes ??= take("paths");
    const { offsets } = this.report.map.paths;
    const text = await inflate(this.pathBytes.slice(offsets[block], offsets[block + 1]));
    const paths = text.split("\0");
    if (this.pathBlocks.size >= 16) this.pathBlocks.delete(this.pathBlocks.keys().next().value as number);
    this.pathBlocks.set(block, paths);
    return paths;
  }

  async path(point: number): Promise<string> {
    const rows = this.report.map.paths.rows_per_block;
    return (await this.paths(Math.floor(point / rows)))[point % rows];
  }

  private tileIndex(): Map<number, number> {
    if (!this.tileOfPoint) {
      const points = new Int32Array(take("tile-points").buffer);
      this.tileOfPoint = new Map();
      points.forEach((point, tile) => point >= 0 && this.tileOfPoint?.set(point, tile));
    }
    return this.tileOfPoint;
  }

  /** The tile of a point, or -1. */
  tile(point: number): number {
    return this.tileIndex().get(point) ?? -1;
  }

  /** Width and height of the picture in a tile: it stands at the tile's upper left. */
  tileSize(tile: number): [number, number] {
    this.sizes ??= take("tile-sizes");
    return [this.sizes[2 * tile], this.sizes[2 * tile + 1]];
  }

  sprite(): string {
    this.spriteUrl ??= URL.createObjectURL(new Blob([take("sprite")], { type: this.report.sprite.mime }));
    return this.spriteUrl;
  }
}
