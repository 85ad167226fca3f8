import { parseDocument, type YAMLError } from 'yaml';
import { UsageError } from '../base/failure.ts';
import { explain } from './explain.ts';
import { ConfigFile } from './settings.ts';

function located(file: string, { message, linePos }: YAMLError): string {
  const [at] = linePos ?? [];
  const sentence = message.replace(/ at line \d+, column \d+:?[\s\S]*$/, '');
  return at === undefined ? `${file}: ${sentence}` : `${file}: line ${at.line}, column ${at.col}: ${sentence}`;
}

function yamlOf(file: string, source: string): unknown {
  const document = parseDocument(source);
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0) throw new UsageError(problems.map((problem) => located(file, problem)).join('\n'));
  try {
    return document.toJS();
  } catch (error) {
    // Aliases that grow without bound are found only here.
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The settings in the text of a `dns-medic.yaml`; an empty text is an empty file. Throws a UsageError that names `file` and each problem. */
export function readConfig(file: string, source: string): ConfigFile {
  const data = yamlOf(file, source) ?? {};
  const parsed = ConfigFile.safeParse(data);
  if (!parsed.success) throw new UsageError(explain(file, parsed.error, data));
  return parsed.data;
}
