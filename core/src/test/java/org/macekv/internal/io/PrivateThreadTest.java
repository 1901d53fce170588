package org.macekv.internal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.OverlappingFileLockException;
import org.junit.jupiter.api.Test;

class PrivateThreadTest {
  @Test
  void interruptOfTheCallerReachesOnlyTheCaller() throws IOException {
    Thread.currentThread().interrupt();

    boolean inside = PrivateThread.call("test", () -> Thread.currentThread().isInterrupted());

    assertThat(Thread.interrupted()).isTrue();
    assertThat(inside).isFalse();
  }

  @Test
  void failureIsNeverReplacedByAnInterrupt() {
    IOException failure = new IOException("the device is broken");
    Thread.currentThread().interrupt();

    assertThatThrownBy(
            () ->
                PrivateThread.call(
                    "test",
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void uncheckedFailuresComeThrough() {
    assertThatThrownBy(
            () ->
                PrivateThread.call(
                    "test",
                    () -> {
                      throw new OverlappingFileLockException();
                    }))
        .isInstanceOf(OverlappingFileLockException.class);
    assertThatThrownBy(
            () ->
                PrivateThread.call(
                    "test",
                    () -> {
                      throw new StackOverflowError("deep");
                    }))
        .isInstanceOf(StackOverflowError.class);
  }
}
