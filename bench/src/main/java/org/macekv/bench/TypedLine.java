package org.macekv.bench;

import static org.macekv.bench.TypedPeer.ENGINE_CODED;
import static org.macekv.bench.TypedPeer.ENGINE_KRYO;
import static org.macekv.bench.TypedPeer.MAPDB;
import static org.macekv.bench.TypedPeer.MVSTORE;
import static org.macekv.bench.TypedPeer.SKIP_LIST;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The lines of {@link TypedMapRun}: what is measured, for whom, and what the goal is. */
enum TypedLine {
  GET("get", "get"),
  GET_NO_CACHE("get, no cache", "get"),
  PUT("put", "put"),
  SET("set", "set"),
  ITERATE("iterate", "iterate");

  private static final double KRYO = 1 / 1.2;

  private final String title;
  private final String method;

  TypedLine(String title, String method) {
    this.title = title;
    this.method = method;
  }

  /** What the table calls it. */
  String title() {
    return title;
  }

  /** Who is measured: not those for whom the line would be the same as another. */
  Set<TypedPeer> peers() {
    return switch (this) {
      case GET, PUT, ITERATE -> EnumSet.allOf(TypedPeer.class);
      case GET_NO_CACHE, SET -> EnumSet.complementOf(EnumSet.of(SKIP_LIST, MAPDB, MVSTORE));
    };
  }

  /** The goals, at most one for each peer. */
  List<Target<TypedPeer>> targets() {
    return switch (this) {
      case GET ->
          List.of(
              new Target<>(SKIP_LIST, 1 / 2.0), new Target<>(MAPDB, 2), new Target<>(MVSTORE, 2));
      case GET_NO_CACHE ->
          List.of(new Target<>(ENGINE_CODED, 1 / 1.3), new Target<>(ENGINE_KRYO, KRYO));
      case PUT ->
          List.of(
              new Target<>(MAPDB, 2), new Target<>(MVSTORE, 2), new Target<>(ENGINE_KRYO, KRYO));
      case SET -> List.of(new Target<>(ENGINE_KRYO, KRYO));
      case ITERATE -> List.of(new Target<>(MAPDB, 2), new Target<>(MVSTORE, 2));
    };
  }

  /** The measurement of one peer. */
  Measurement measurement(TypedPeer peer, int entries, Path directory) {
    return new Measurement(
        pattern(),
        this == ITERATE ? Line.Unit.WALK : Line.Unit.OPERATION,
        1,
        this == PUT || this == SET ? Measurement.TOUCHED_HEAP : Measurement.JVM_ARGUMENTS,
        Map.of(
            "peer", peer.name(),
            "cached", Boolean.toString(this != GET_NO_CACHE),
            "directory", directory.toString(),
            "entries", Integer.toString(entries)));
  }

  /** A pattern for JMH that fits the one method to run. */
  String pattern() {
    return "^" + TypedMapBenchmark.class.getName().replace(".", "\\.") + "\\." + method + "$";
  }
}
