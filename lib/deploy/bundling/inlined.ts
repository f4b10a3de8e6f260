/**
 * Puts into a bundle what can be known when it is made: the files that a browser asks for, made small, since in a
 * Lambda there are no files beside it; and the description of the API, since what makes it is three times as long. Both
 * are packed: Node reads through every text of a module when it starts.
 */
import { deflateRawSync } from 'node:zlib';
import { type Plugin, transform } from 'esbuild';
import { describeApi } from '../../surfaces/web/api/description.ts';
import { type Asset, assets } from '../../surfaces/web/assets/assets.ts';

/** Replaces the modules that read or make these by what they have read and made. */
export const INLINED: Plugin = {
  name: 'inlined',
  setup({ onLoad }) {
    onLoad({ filter: /\/web\/assets\/assets\.ts$/ }, async () => {
      const { style, script, icon } = assets;
      const inlined = { style: await small(style, 'css'), script: await small(script, 'js'), icon };
      return { contents: `${UNPACKED}export const assets = JSON.parse(${packed(JSON.stringify(inlined))});` };
    });
    onLoad({ filter: /\/web\/api\/description\.ts$/ }, () => ({
      contents: `${UNPACKED}export const describeApi = () => ${packed(describeApi())};`,
    }));
  },
};

const UNPACKED =
  "import{inflateRawSync}from'node:zlib';" +
  "const unpacked=(text)=>inflateRawSync(Buffer.from(text,'base64')).toString();";

/** An expression that is the text. */
function packed(text: string): string {
  return `unpacked('${deflateRawSync(text, { level: 9 }).toString('base64')}')`;
}

async function small(asset: Asset, loader: 'css' | 'js'): Promise<Asset> {
  const { code } = await transform(asset.content, { loader, minify: true, format: 'esm' });
  return { ...asset, content: code };
}
