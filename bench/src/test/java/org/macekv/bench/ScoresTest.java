package org.macekv.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.macekv.bench.Line.GET;
import static org.macekv.bench.Line.GET_2_THREADS;
import static org.macekv.bench.Peer.MACE;
import static org.macekv.bench.Peer.ROCKSDB;
import static org.macekv.bench.Peer.SKIP_LIST;

import org.junit.jupiter.api.Test;

class ScoresTest {
  private final Scores<Line, Peer> scores = new Scores<>();

  private void add(Line line, Peer peer, double... nanos) {
    for (double value : nanos) {
      scores.add(line, peer, value);
    }
  }

  @Test
  void medianOfAnOddCountIsTheMiddleWhateverTheOrder() {
    add(GET, MACE, 900, 10, 20);
    assertThat(scores.median(GET, MACE)).hasValue(20);
  }

  @Test
  void medianOfAnEvenCountIsTheMeanOfTheMiddleTwo() {
    add(GET, MACE, 900, 10, 30, 20);
    assertThat(scores.median(GET, MACE)).hasValue(25);
  }

  @Test
  void ratioSaysHowManyTimesAsFast() {
    add(GET, MACE, 100);
    add(GET, SKIP_LIST, 250);
    assertThat(scores.ratio(GET, MACE, SKIP_LIST)).hasValue(2.5);
    assertThat(scores.ratio(GET, SKIP_LIST, MACE)).hasValue(0.4);
  }

  @Test
  void twoThreadsAsFastAsOneEachDoTwiceAsMuch() {
    add(GET, MACE, 100);
    add(GET_2_THREADS, MACE, 100);
    assertThat(scores.scaling(GET, GET_2_THREADS, MACE)).hasValue(2);
  }

  @Test
  void twoThreadsHalfAsFastEachGainNothing() {
    add(GET, MACE, 100);
    add(GET_2_THREADS, MACE, 200);
    assertThat(scores.scaling(GET, GET_2_THREADS, MACE)).hasValue(1);
  }

  @Test
  void whatWasNotMeasuredHasNoFigures() {
    add(GET, MACE, 100);
    assertThat(scores.median(GET, ROCKSDB)).isEmpty();
    assertThat(scores.ratio(GET, MACE, ROCKSDB)).isEmpty();
    assertThat(scores.ratio(GET, ROCKSDB, MACE)).isEmpty();
    assertThat(scores.scaling(GET, GET_2_THREADS, MACE)).isEmpty();
  }
}
