package org.macekv.examples.hello;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.macekv.examples.ChildJvm;

class HelloTest {
  @TempDir private Path directory;

  @Test
  void eachRunCountsOneVisitMore() throws Exception {
    for (int visit = 1; visit <= 3; visit++) {
      try (ChildJvm child = new ChildJvm(directory, "hello")) {
        // A newer JVM may add warnings about libraries of ours.
        assertThat(child.await().lines())
            .filteredOn(line -> line.startsWith("Hello"))
            .containsExactly("Hello, world! This is visit " + visit + ".");
      }
    }
  }
}
