package org.macekv.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.runner.RunnerException;

class TypedMapRunTest {
  @TempDir private Path directory;

  @Test
  void aSmallRunPrintsATableAndLeavesNoFiles() throws RunnerException {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    TypedMapPlan plan =
        new TypedMapPlan(
            100,
            1,
            new Pace(1, 1, 20, null),
            Set.of(TypedLine.GET),
            EnumSet.of(TypedPeer.SKIP_LIST, TypedPeer.MACE),
            directory);
    new TypedMapRun(plan, new PrintStream(printed, true, StandardCharsets.UTF_8)).run();
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("round 1 of 1  get            skip list ", "100 entries of Long")
        .containsPattern("get: skip list +[0-9,]+ +[0-9.]+x +>= 0.50 (met|MISSED) ")
        .containsPattern("get: Mace +[0-9,]+ +[0-9,]+ ");
    assertThat(directory).isEmptyDirectory();
  }

  @ParameterizedTest
  @EnumSource
  void patternFitsExactlyOneBenchmark(TypedLine line) {
    Stream<String> benchmarks =
        Stream.of(TypedMapBenchmark.class.getDeclaredMethods())
            .filter(method -> method.isAnnotationPresent(Benchmark.class))
            .map(TypedMapRunTest::name);
    assertThat(benchmarks.filter(name -> name.matches(line.pattern()))).hasSize(1);
  }

  private static String name(Method method) {
    return method.getDeclaringClass().getName() + "." + method.getName();
  }

  @ParameterizedTest
  @EnumSource
  void everyPeerThatAnAimComparesWithIsMeasured(TypedLine line) {
    List<TypedPeer> others = line.targets().stream().map(Target::over).toList();
    assertThat(line.peers()).contains(TypedPeer.MACE).containsAll(others);
    assertThat(others).doesNotHaveDuplicates();
  }
}
