/**
 * Measurements of the engine beside a {@link java.util.concurrent.ConcurrentSkipListMap} and
 * RocksDB. Read {@link org.macekv.bench.MaceBench} first: it runs every {@link
 * org.macekv.bench.Line} of the table for every {@link org.macekv.bench.Peer} in turn, round after
 * round, and prints the ratios. The timing is JMH's, with a JVM of its own for each measurement.
 * {@link org.macekv.bench.TypedMapRun} does the same with typed maps, and with those of MapDB and
 * MVStore in the place of RocksDB.
 */
@NullMarked
package org.macekv.bench;

import org.jspecify.annotations.NullMarked;
