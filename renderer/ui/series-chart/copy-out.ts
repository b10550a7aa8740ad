/** A picture of an SVG text as PNG bytes, `ratio` pixels per CSS pixel. */
export async function pngFromSvg(svg: string, ratio: number): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(image.naturalWidth * ratio);
    canvas.height = Math.round(image.naturalHeight * ratio);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error('The picture could not be encoded as PNG.'))),
        'image/png',
      );
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * Puts content on the clipboard; where the browser refuses that, saves it as a file instead. Says which it was.
 * Content may be a promise, so that the clipboard is asked while the user's click still counts.
 */
export async function copyOrSave(
  content: Promise<Blob>,
  mediaType: 'image/png' | 'text/plain',
  fileName: string,
): Promise<'copied' | 'saved'> {
  try {
    await navigator.clipboard.write([new ClipboardItem({ [mediaType]: content })]);
    return 'copied';
  } catch {
    // A host may grant no clipboard, which the reader learns as "saved". A failure to make the content itself is thrown here.
    const blob = await content;
    const url = URL.createObjectURL(blob);
    const link = document.createElement('a');
    link.href = url;
    link.download = fileName;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
    return 'saved';
  }
}
