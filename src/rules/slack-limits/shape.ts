/** Where a value may stand: some blocks are for messages only, or for modals only. */
export type Surface = 'message' | 'modal' | 'home';

/** Takes one problem: a JSON pointer, and what is wrong there. */
export type Report = (at: string, says: string) => void;

/** Looks at a value that may be anything, and reports what Slack would refuse in it. */
export type Rule = (value: unknown, at: string, report: Report) => void;

/** The fields of an object, by name. */
export type Fields = Readonly<Record<string, Rule>>;

export type Bag = Readonly<Record<string, unknown>>;

export function isBag(value: unknown): value is Bag {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** 3214 as `3,214`. */
export const count = (number: number): string => String(number).replace(/\B(?=(?:\d{3})+$)/g, ',');

/** The pointer to a field or item of what `at` points to. */
export function under(at: string, key: string | number): string {
  return `${at}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** A string of `min` to `max` characters. `what` has it: "a section has at most 3,000". */
export function string(max: number, what = 'this', min = 1): Rule {
  return (value, at, report) => {
    if (typeof value !== 'string') report(at, 'must be a string');
    else if (value.length > max) report(at, `${count(value.length)} characters; ${what} has at most ${count(max)}`);
    else if (value.length < min) report(at, min === 1 ? 'is empty' : `${value.length} characters; ${what} has at least ${min}`);
  };
}

export function oneOf(...allowed: (string | number)[]): Rule {
  return (value, at, report) => {
    if (!allowed.includes(value as string)) report(at, `must be one of ${allowed.join(', ')}`);
  };
}

export const boolean: Rule = (value, at, report) => {
  if (typeof value !== 'boolean') report(at, 'must be true or false');
};

export function integer(min: number, max: number): Rule {
  return (value, at, report) => {
    if (!Number.isInteger(value) || (value as number) < min || (value as number) > max) {
      report(at, `must be a whole number from ${count(min)} to ${count(max)}`);
    }
  };
}

/** A list of `min` to `max` items, all of one rule. `what` has them: "an actions block has at most 25". */
export function list(item: Rule, max: number, what = 'this', min = 1): Rule {
  return (value, at, report) => {
    if (!Array.isArray(value)) return report(at, 'must be a list');
    if (value.length > max) report(at, `${count(value.length)} items; ${what} has at most ${count(max)}`);
    if (value.length < min) report(at, `${value.length} items; ${what} has at least ${min}`);
    value.slice(0, max).forEach((each, index) => item(each, under(at, index), report));
  };
}

/** An object with these fields and no others: Slack refuses what it does not know. */
export function object(required: Fields, optional: Fields = {}): Rule {
  return (value, at, report) => {
    if (!isBag(value)) return report(at, 'must be an object');
    for (const key of Object.keys(required)) {
      if (!Object.hasOwn(value, key) || value[key] === undefined) report(at, `misses the field ${key}`);
    }
    for (const [key, field] of Object.entries(value)) {
      if (field === undefined) continue;
      const rule = own(required, key) ?? own(optional, key);
      if (rule === undefined) report(at, `has the unknown field ${short(key)}`);
      else rule(field, under(at, key), report);
    }
  };
}

/** One of several kinds of object, told by its `type`. `holder` takes only those: "a context block". */
export function kinds(rules: Fields, holder: string): Rule {
  return (value, at, report) => {
    if (!isBag(value)) return report(at, 'must be an object');
    const type = value['type'];
    const rule = typeof type === 'string' ? own(rules, type) : undefined;
    if (rule === undefined) report(under(at, 'type'), `${short(type)} is not a type that ${holder} takes`);
    else rule(value, at, report);
  };
}

/** All of these must hold. */
export function all(...rules: Rule[]): Rule {
  return (value, at, report) => rules.forEach((rule) => rule(value, at, report));
}

/** The type is told by the holder already: any will do. */
export const anything: Rule = () => undefined;

const own = (rules: Fields, key: string): Rule | undefined => (Object.hasOwn(rules, key) ? rules[key] : undefined);

const short = (value: unknown): string => (typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : typeof value);

/** As JSON; empty for what cannot be said in it (too deep, or a circle). */
export function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}
