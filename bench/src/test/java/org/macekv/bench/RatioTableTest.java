package org.macekv.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RatioTableTest {
  private final Scores<Line, Peer> scores = new Scores<>();

  private void add(Line line, double skipList, double rocks, double mace) {
    scores.add(line, Peer.SKIP_LIST, skipList);
    scores.add(line, Peer.ROCKSDB, rocks);
    scores.add(line, Peer.MACE, mace);
  }

  private List<String> lines() {
    return RatioTable.format(scores).lines().toList();
  }

  @Test
  void targetsAreBesideTheRatiosThatTheyJudge() {
    add(Line.GET, 1_000, 3_000, 500);
    add(Line.SCAN, 100, 200, 51);
    add(Line.PUT, 1_000, 3_000, 1_001);
    assertThat(lines().stream().skip(1).map(RatioTableTest::cells))
        .containsExactly(
            List.of("get", "1,000", "3,000", "500", "2.00x (>= 2.0 met)", "6.00x"),
            List.of("scan", "100", "200", "51", "1.96x (>= 2.0 MISSED)", "3.92x"),
            List.of(
                "put, buffered",
                "1,000",
                "3,000",
                "1,001",
                "1.00x (>= 1.0 MISSED)",
                "3.00x (>= 3.0 MISSED)"));
  }

  @Test
  void scalingFollowsTheLineForTwoThreads() {
    add(Line.GET, 1_000, 3_000, 500);
    add(Line.GET_2_THREADS, 1_250, 4_000, 500);
    assertThat(cells(lines().get(3)))
        .containsExactly("get, gain by 2nd thread", "1.60x", "1.50x", "2.00x (>= 1.7 met)");
  }

  @Test
  void whatWasNotMeasuredIsADash() {
    scores.add(Line.PUT_SYNC, Peer.MACE, 140_000);
    assertThat(lines()).hasSize(2);
    assertThat(cells(lines().get(1))).containsExactly("put, synced", "-", "-", "140,000", "-", "-");
  }

  @Test
  void columnsLineUp() {
    add(Line.GET, 1, 3_000_000, 500);
    add(Line.SCAN, 100, 200, 50);
    assertThat(lines().stream().map(String::length).distinct()).hasSize(1);
  }

  private static List<String> cells(String line) {
    return List.of(line.strip().split(" {2,}", -1));
  }
}
