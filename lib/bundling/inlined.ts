/** Puts what a browser asks for into the bundle itself, made small: in a Lambda there are no files beside it. */
import { type Plugin, transform } from 'esbuild';
import { type Asset, assets } from '../admin/assets/assets.ts';

/** Replaces the module that reads the files by what it has read. */
export const INLINED: Plugin = {
  name: 'inlined',
  setup({ onLoad }) {
    onLoad({ filter: /\/admin\/assets\/assets\.ts$/ }, async () => {
      const { style, script, icon } = assets;
      const inlined = { style: await small(style, 'css'), script: await small(script, 'js'), icon };
      return { contents: `export const assets = ${JSON.stringify(inlined)};` };
    });
  },
};

async function small(asset: Asset, loader: 'css' | 'js'): Promise<Asset> {
  const { code } = await transform(asset.content, { loader, minify: true, format: 'esm' });
  return { ...asset, content: code };
}
