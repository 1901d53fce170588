package org.macekv.bench;

import static org.macekv.bench.Peer.MACE;
import static org.macekv.bench.Peer.ROCKSDB;
import static org.macekv.bench.Peer.SKIP_LIST;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.macekv.option.Durability;

/** The lines of the table: what is measured, for whom, and what the goal is. */
enum Line {
  GET("get", "get", Unit.OPERATION),
  GET_2_THREADS("get, 2 threads", "get", Unit.OPERATION),
  SCAN("scan", "scan", Unit.WALK),
  SCAN_REVERSE("scan, reverse", "scanReverse", Unit.WALK),
  PUT("put, buffered", "put", Unit.OPERATION),
  FILL("fill, buffered", "insert", Unit.FILLING),
  PUT_WRITE("put, to the OS", "put", Unit.OPERATION),
  PUT_SYNC("put, synced", "put", Unit.OPERATION);

  /** What one measured call does. */
  enum Unit {
    /** One operation. */
    OPERATION,
    /** A walk over all entries. */
    WALK,
    /** All entries into a new store, which cannot be done twice. */
    FILLING;

    /** Nanoseconds per operation or entry, from those of one call. */
    double perOperation(double callNanos, int entries) {
      return this == OPERATION ? callNanos : callNanos / entries;
    }
  }

  private final String title;
  private final String method;
  private final Unit unit;

  Line(String title, String method, Unit unit) {
    this.title = title;
    this.method = method;
    this.unit = unit;
  }

  /** What the table calls it. */
  String title() {
    return title;
  }

  /** A pattern for JMH that fits the one method to run. */
  String pattern() {
    Class<?> benchmark = unit == Unit.FILLING ? InsertBenchmark.class : StoreBenchmark.class;
    return "^" + benchmark.getName().replace(".", "\\.") + "\\." + method + "$";
  }

  Unit unit() {
    return unit;
  }

  /** The goals, at most one for each peer. */
  List<Target<Peer>> targets() {
    return switch (this) {
      case GET, SCAN -> List.of(new Target<>(SKIP_LIST, 2));
      case PUT, FILL -> List.of(new Target<>(SKIP_LIST, 1), new Target<>(ROCKSDB, 3));
      default -> List.of();
    };
  }

  int threads() {
    return this == GET_2_THREADS ? 2 : 1;
  }

  Durability durability() {
    return switch (this) {
      case PUT_WRITE -> Durability.WRITE;
      case PUT_SYNC -> Durability.SYNC;
      default -> Durability.BUFFERED;
    };
  }

  List<String> jvmArguments() {
    return switch (this) {
      case PUT, PUT_WRITE, PUT_SYNC -> Measurement.TOUCHED_HEAP;
      default -> Measurement.JVM_ARGUMENTS;
    };
  }

  /** Who is measured: those without files have nothing to write through. */
  Set<Peer> peers() {
    return durability() == Durability.BUFFERED
        ? EnumSet.allOf(Peer.class)
        : EnumSet.of(ROCKSDB, MACE);
  }
}
