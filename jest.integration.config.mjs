import unit from './jest.config.mjs';

/** Tests that start processes or open sockets: slower than unit tests, and one file at a time. */
export default {
  ...unit,
  testMatch: ['<rootDir>/test/integration/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 60_000,
  maxWorkers: 1,
  workerIdleMemoryLimit: undefined,
  // a test that failed may leave a socket or a process behind: the run ends all the same, and says what failed
  forceExit: true,
};
