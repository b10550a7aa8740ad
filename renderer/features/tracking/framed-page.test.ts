import { expect, test } from 'vitest';
import { framedPage } from './framed-page.ts';

const policy = /<meta http-equiv="content-security-policy"/;

test('the policy stands before whatever the file holds, and the doctype before the policy', () => {
  expect(framedPage('<script>1</script>', 'n').search(policy)).toBeLessThan(
    framedPage('<script>1</script>', 'n').indexOf('<script'),
  );
  const page = framedPage('\n<!DOCTYPE html><head><img src=x>', 'n');
  expect(page.startsWith('\n<!DOCTYPE html><meta ')).toBe(true);
  expect(page.search(policy)).toBeLessThan(page.indexOf('<img'));
  // A comment that ends at once, and one that seems to hold everything up to the doctype.
  const odd = framedPage('<!--><img src=x><!-- --><!doctype html>', 'n');
  expect(odd.search(policy)).toBeLessThan(odd.indexOf('<img'));
});

test.each([
  ['<style>a{}</style>', '<style nonce="n">a{}</style>'],
  ['<STYLE\ntype="x">', '<style nonce="n"\ntype="x">'],
  ['<styled>', '<styled>'],
  ['<link rel=preconnect href=//far>', '<basefont rel=preconnect href=//far>'],
  ['<LINK/rel=preconnect>', '<basefont/rel=preconnect>'],
  ['<linked-list>', '<linked-list>'],
  ['<iframe src=//far>x</IFRAME >', '<noframes src=//far>x</noframes >'],
  ['<frame src=//far>', '<basefont src=//far>'],
  ['<frameset>', '<frameset>'],
  ['<a href=//far>x</a>', '<a target="_blank" href=//far>x</a>'],
  ['<A class="toc" HREF="#top">', '<A class="toc" HREF="#top">'],
  ['<a title=" href=#x" href=//far>', '<a target="_blank" title=" href=#x" href=//far>'],
  ['<a href=//far href=#x>', '<a target="_blank" href=//far href=#x>'],
  ['<a xhref=#x/href=//far>', '<a target="_blank" xhref=#x/href=//far>'],
  ['<a/href=//far>', '<a target="_blank"/href=//far>'],
  ['<area href=//far>', '<area target="_blank" href=//far>'],
  ['<article>', '<article>'],
])('%s becomes %s', (html, shown) => {
  expect(framedPage(html, 'n').endsWith(shown)).toBe(true);
});
