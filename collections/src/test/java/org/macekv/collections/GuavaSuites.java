package org.macekv.collections;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import junit.framework.Test;
import junit.framework.TestFailure;
import junit.framework.TestResult;
import junit.framework.TestSuite;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;

/**
 * Runs the JUnit 3 suites that Guava's testlib builds: one dynamic test for each part of a suite,
 * since the many thousand tests in them would each cost a report and its memory.
 */
final class GuavaSuites {
  private static final int FAILURES_SHOWN = 50;

  private GuavaSuites() {}

  /** The parts of a suite. Each single test gets a store of its own. */
  static Stream<DynamicNode> nodesOf(TestSuite suite, StoreForSuites store) {
    return Collections.list(suite.tests()).stream()
        .map(part -> DynamicTest.dynamicTest(nameOf(part), () -> run(part, store)));
  }

  private static String nameOf(Test part) {
    return part instanceof TestSuite suite
        ? suite.getName() + " (" + suite.countTestCases() + " tests)"
        : part.toString();
  }

  private static void run(Test part, StoreForSuites store) {
    TestResult result = new TestResult();
    runEach(part, result, store);
    List<TestFailure> failed =
        Stream.of(result.errors(), result.failures())
            .flatMap(failures -> Collections.list(failures).stream())
            .toList();
    if (result.runCount() == 0) {
      throw new AssertionError("no test in " + part);
    }
    if (!failed.isEmpty()) {
      AssertionError error =
          new AssertionError(failed.size() + " of " + result.runCount() + " tests failed");
      failed.stream()
          .limit(FAILURES_SHOWN)
          .forEach(
              failure ->
                  error.addSuppressed(
                      new AssertionError(
                          failure.failedTest().toString(), failure.thrownException())));
      throw error;
    }
  }

  /** The suites' own hooks do not reach all the suites that they derive from others. */
  private static void runEach(Test test, TestResult result, StoreForSuites store) {
    if (test instanceof TestSuite suite) {
      for (Test part : Collections.list(suite.tests())) {
        runEach(part, result, store);
      }
      return;
    }
    store.setUp();
    try {
      test.run(result);
    } finally {
      store.tearDown();
    }
  }
}
