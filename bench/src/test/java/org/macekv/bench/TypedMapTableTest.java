package org.macekv.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TypedMapTableTest {
  private final Scores<TypedLine, TypedPeer> elapsed = new Scores<>();
  private final Scores<TypedLine, TypedPeer> cpu = new Scores<>();

  private void add(TypedLine line, TypedPeer peer, double nanos) {
    elapsed.add(line, peer, nanos);
    cpu.add(line, peer, 2 * nanos);
  }

  private List<List<String>> rows() {
    return TypedMapTable.format(elapsed, cpu)
        .lines()
        .skip(1)
        .map(line -> List.of(line.strip().split(" {2,}", -1)))
        .toList();
  }

  @Test
  void aimsAreBesideTheRatiosThatTheyJudge() {
    add(TypedLine.GET, TypedPeer.SKIP_LIST, 500);
    add(TypedLine.GET, TypedPeer.MAPDB, 1_990);
    add(TypedLine.GET, TypedPeer.ENGINE, 600);
    add(TypedLine.GET, TypedPeer.MACE, 1_000);
    assertThat(rows())
        .containsExactly(
            List.of("get: skip list", "500", "0.50x", ">= 0.50 met", "1,000", "0.50x"),
            List.of("get: MapDB", "1,990", "1.99x", ">= 2.00 MISSED", "3,980", "1.99x"),
            List.of("get: engine, bytes", "600", "0.60x", "1,200", "0.60x"),
            List.of("get: Mace", "1,000", "2,000"));
  }

  @Test
  void whatHasNothingToBeComparedWithHasOnlyItsTime() {
    add(TypedLine.SET, TypedPeer.ENGINE_KRYO, 700);
    assertThat(rows()).containsExactly(List.of("set: engine, raw Kryo", "700", "1,400"));
  }
}
