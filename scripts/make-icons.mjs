import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

// Draws resources/icons/icon.svg at every size and packs the containers of Windows and macOS.
// Run it after changing the drawing: CHROMIUM_PATH=/usr/bin/chromium node scripts/make-icons.mjs
const folder = fileURLToPath(new URL('../resources/icons', import.meta.url));
const drawing = readFileSync(join(folder, 'icon.svg'), 'utf8');
const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024];

const executablePath = process.env.CHROMIUM_PATH;
const browser = await chromium.launch({
  ...(executablePath === undefined ? {} : { executablePath }),
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
/** @type {Map<number, Buffer>} */
const images = new Map();
try {
  const page = await browser.newPage();
  for (const size of sizes) {
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(
      `<style>html,body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${drawing}`,
    );
    const image = await page.screenshot({ omitBackground: true });
    images.set(size, image);
    writeFileSync(join(folder, `${size}x${size}.png`), image);
  }
} finally {
  await browser.close();
}
writeFileSync(join(folder, 'icon.ico'), ico([16, 24, 32, 48, 64, 128, 256]));
writeFileSync(join(folder, 'icon.icns'), icns());

/** @param {number} size */
function imageOf(size) {
  const image = images.get(size);
  if (image === undefined) throw new Error(`No image of ${size} pixels was drawn.`);
  return image;
}

/**
 * Windows' container: a directory of 16 bytes an image, then the PNGs. 256 is written as 0.
 *
 * @param {readonly number[]} held
 */
function ico(held) {
  const directory = Buffer.alloc(6 + 16 * held.length);
  directory.writeUInt16LE(1, 2);
  directory.writeUInt16LE(held.length, 4);
  let offset = directory.length;
  held.forEach((size, index) => {
    const at = 6 + 16 * index;
    directory.writeUInt8(size % 256, at);
    directory.writeUInt8(size % 256, at + 1);
    directory.writeUInt16LE(1, at + 4);
    directory.writeUInt16LE(32, at + 6);
    directory.writeUInt32LE(imageOf(size).length, at + 8);
    directory.writeUInt32LE(offset, at + 12);
    offset += imageOf(size).length;
  });
  return Buffer.concat([directory, ...held.map((size) => imageOf(size))]);
}

/** macOS' container: `icns`, the length of all, then type, length and PNG of each image. */
function icns() {
  /** @type {readonly [string, number][]} */
  const types = [
    ['icp4', 16],
    ['icp5', 32],
    ['ic07', 128],
    ['ic08', 256],
    ['ic09', 512],
    ['ic10', 1024],
    ['ic11', 32],
    ['ic12', 64],
    ['ic13', 256],
    ['ic14', 512],
  ];
  const chunks = types.map(([type, size]) => chunk(type, imageOf(size)));
  return chunk('icns', Buffer.concat(chunks));
}

/**
 * @param {string} type four letters
 * @param {Buffer} content
 */
function chunk(type, content) {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32BE(8 + content.length, 4);
  return Buffer.concat([head, content]);
}
