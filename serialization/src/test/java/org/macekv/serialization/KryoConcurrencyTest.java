package org.macekv.serialization;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.macekv.serialization.Specimens.Everything;
import org.macekv.serialization.Specimens.Level;
import org.macekv.serialization.Specimens.Pair;
import org.macekv.serialization.Specimens.Point;

class KryoConcurrencyTest {
  private static final int THREADS = 8;
  private static final int ROUNDS = 400;

  @Test
  void manyThreadsShareOneSerializerAndOneArray() throws Exception {
    Serializer<Object> serializer =
        KryoSerialization.builder(new InMemoryClassCatalog())
            .register(Everything.class, Point.class, Level.class, Pair.class)
            .build()
            .of(Object.class);
    byte[] shared = serializer.serialize(Specimens.everything());
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      CyclicBarrier start = new CyclicBarrier(THREADS);
      List<Future<?>> work = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        int thread = t;
        work.add(
            threads.submit(
                () -> {
                  start.await();
                  for (int i = 0; i < ROUNDS; i++) {
                    Pair value = new Pair(Map.of(thread, "é" + i), List.of(new Point(thread, i)));
                    assertThat(serializer.deserialize(serializer.serialize(value)))
                        .isEqualTo(value);
                    assertThat(serializer.deserialize(shared)).isEqualTo(Specimens.everything());
                  }
                  return null;
                }));
      }
      for (Future<?> future : work) {
        future.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
