package org.macekv.examples.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.macekv.collections.PersistentStore;
import org.macekv.examples.CommandRun;

class SessionStoreTest {
  @TempDir Path directory;

  /** A clock that is set. */
  private static final class SetClock extends Clock {
    private Instant now = Instant.EPOCH;

    void forward(Duration duration) {
      now = now.plus(duration);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void sessionsExpireUnlessTheyAreUsed() {
    SetClock clock = new SetClock();
    try (PersistentStore store = PersistentStore.open(directory)) {
      SessionStore sessions = new SessionStore(store, clock, Duration.ofMinutes(30), 100);
      sessions.begin("a", "ann");
      sessions.begin("b", "bob");
      clock.forward(Duration.ofMinutes(20));
      assertThat(sessions.setAttribute("a", "page", "home")).isTrue();
      clock.forward(Duration.ofMinutes(20));
      assertThat(sessions.use("b")).isEmpty();
      assertThat(sessions.setAttribute("b", "page", "home")).isFalse();
      assertThat(sessions.evict()).isEqualTo(1);
    }
    try (PersistentStore store = PersistentStore.open(directory)) {
      SessionStore sessions = new SessionStore(store, clock, Duration.ofMinutes(30), 100);
      assertThat(sessions.count()).isEqualTo(1);
      Session ann = sessions.use("a").orElseThrow();
      assertThat(ann.user()).isEqualTo("ann");
      assertThat(ann.attributes()).isEqualTo(Map.of("page", "home"));
      sessions.end("a");
      sessions.end("a");
      assertThat(sessions.count()).isZero();
      assertThat(sessions.evict()).isZero();
    }
  }

  @Test
  void theOldestGoWhenThereAreTooMany() {
    SetClock clock = new SetClock();
    try (PersistentStore store = PersistentStore.inMemory()) {
      SessionStore sessions = new SessionStore(store, clock, Duration.ofMinutes(30), 10);
      for (int i = 0; i < 25; i++) {
        sessions.begin("s" + i, "u");
        clock.forward(Duration.ofSeconds(1));
        sessions.use("s0"); // is never the oldest
      }
      assertThat(sessions.count()).isEqualTo(10);
      assertThat(sessions.use("s0")).isPresent();
      assertThat(sessions.use("s15")).isEmpty();
      assertThat(sessions.use("s16")).isPresent();
    }
  }

  @Test
  void commandKeepsNoMoreThanItIsTold() {
    String[] arguments = {"sessions", "--store=" + directory, "--sessions=500", "--capacity=100"};
    assertThat(CommandRun.of(arguments).lines())
        .containsExactly("0 sessions were there", "100 sessions are there now");
    assertThat(CommandRun.of(arguments).lines().get(0)).isEqualTo("100 sessions were there");
  }
}
