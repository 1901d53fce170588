package org.macekv.bench;

import java.nio.file.Path;
import org.macekv.option.Durability;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What {@link MaceBench} hands to a JVM that measures. The values here are only placeholders. */
@State(Scope.Benchmark)
public class StoreParameters {
  /** The store. */
  @Param("MACE")
  public Peer peer = Peer.MACE;

  /** What a put survives. */
  @Param("BUFFERED")
  public Durability durability = Durability.BUFFERED;

  /** Below which directory the store lives. */
  @Param("target")
  public String directory = "target";

  /** The number of entries. */
  @Param("1000000")
  public int entries = 1_000_000;

  Dataset dataset() {
    return new Dataset(entries);
  }

  StoreDirectory newDirectory() {
    return StoreDirectory.below(Path.of(directory));
  }

  ByteStore open(StoreDirectory in) {
    return peer.open(in.path(), durability);
  }
}
