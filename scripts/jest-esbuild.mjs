import { createHash } from 'node:crypto';
import { transformSync } from 'esbuild';

/** The Jest transformer: types off, modules kept, maps inline. */
export default {
  process(source, file) {
    const options = { loader: 'ts', format: 'esm', target: 'node22', sourcemap: 'inline', sourcefile: file };
    return { code: transformSync(source, options).code };
  },
  getCacheKey(source, file) {
    return createHash('sha1').update(source).update(file).update('v1').digest('hex');
  },
};
