package org.macekv.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jmh.annotations.Benchmark;

class LineTest {

  @ParameterizedTest
  @EnumSource
  void patternFitsExactlyOneBenchmark(Line line) {
    Stream<String> benchmarks =
        Stream.of(StoreBenchmark.class, InsertBenchmark.class)
            .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
            .filter(method -> method.isAnnotationPresent(Benchmark.class))
            .map(method -> method.getDeclaringClass().getName() + "." + method.getName());
    assertThat(benchmarks.filter(name -> name.matches(line.pattern()))).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void everyPeerThatATargetComparesWithIsMeasured(Line line) {
    assertThat(line.peers()).contains(Peer.MACE);
    assertThat(line.targets()).allSatisfy(t -> assertThat(line.peers()).contains(t.over()));
  }
}
