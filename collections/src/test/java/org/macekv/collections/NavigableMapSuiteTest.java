package org.macekv.collections;

import com.google.common.collect.testing.ConcurrentNavigableMapTestSuiteBuilder;
import com.google.common.collect.testing.NavigableMapTestSuiteBuilder;
import com.google.common.collect.testing.TestStringSortedMapGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.MapFeature;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.macekv.collections.StoreForSuites.Mode;

/**
 * Guava's suites for navigable and concurrent maps, in every mode. They build suites of sub, head,
 * tail and descending maps, of key sets, entry sets and values themselves.
 *
 * <p>Features that are not claimed, and why:
 *
 * <ul>
 *   <li>{@code ALLOWS_NULL_*}: keys and values are never null, as with {@code
 *       ConcurrentSkipListMap}, and asking for null is an error.
 *   <li>{@code FAILS_FAST_ON_CONCURRENT_MODIFICATION}: iterators are weakly consistent, or those of
 *       a transaction.
 *   <li>{@code SERIALIZABLE*}: a map is a handle to a store.
 *   <li>{@code REJECTS_DUPLICATES_AT_CREATION}: a map begins empty.
 *   <li>{@code RESTRICTS_*}, {@code NON_STANDARD_TOSTRING}: nothing of that kind.
 *   <li>{@code SUPPORTS_ADD} of the collection views: as in all of {@code java.util}.
 * </ul>
 */
class NavigableMapSuiteTest {

  @TestFactory
  Stream<DynamicNode> autoCommit() {
    return writable(Mode.AUTO_COMMIT);
  }

  @TestFactory
  Stream<DynamicNode> inScope() {
    return writable(Mode.IN_SCOPE);
  }

  @TestFactory
  Stream<DynamicNode> inScopeOfAnotherThread() {
    return writable(Mode.HANDED_SCOPE);
  }

  @TestFactory
  Stream<DynamicNode> frozen() {
    StoreForSuites store = new StoreForSuites(Mode.FROZEN);
    return store.suite(
        () ->
            NavigableMapTestSuiteBuilder.using(new Generator(store))
                .named("frozen map")
                .withFeatures(CollectionSize.ANY, CollectionFeature.KNOWN_ORDER)
                .createTestSuite());
  }

  private static Stream<DynamicNode> writable(Mode mode) {
    StoreForSuites store = new StoreForSuites(mode);
    return store.suite(
        () ->
            ConcurrentNavigableMapTestSuiteBuilder.using(new Generator(store))
                .named("map")
                .withFeatures(
                    CollectionSize.ANY,
                    CollectionFeature.KNOWN_ORDER,
                    CollectionFeature.SUPPORTS_ITERATOR_REMOVE,
                    MapFeature.GENERAL_PURPOSE)
                .createTestSuite());
  }

  private static final class Generator extends TestStringSortedMapGenerator {
    private final StoreForSuites store;

    Generator(StoreForSuites store) {
      this.store = store;
    }

    @Override
    protected SortedMap<String, String> create(Map.Entry<String, String>[] entries) {
      return store.map(entries);
    }
  }
}
