package org.macekv.collections;

import com.google.common.collect.testing.NavigableSetTestSuiteBuilder;
import com.google.common.collect.testing.TestStringSortedSetGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.Feature;
import com.google.common.collect.testing.features.SetFeature;
import java.util.SortedSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.macekv.collections.StoreForSuites.Mode;

/**
 * Guava's suites for navigable sets, in every mode. Features that are not claimed are the same, for
 * the same reasons, as in {@link NavigableMapSuiteTest}.
 */
class SetSuiteTest {

  @TestFactory
  Stream<DynamicNode> autoCommit() {
    return suite(Mode.AUTO_COMMIT, SetFeature.GENERAL_PURPOSE);
  }

  @TestFactory
  Stream<DynamicNode> inScope() {
    return suite(Mode.IN_SCOPE, SetFeature.GENERAL_PURPOSE);
  }

  @TestFactory
  Stream<DynamicNode> inScopeOfAnotherThread() {
    return suite(Mode.HANDED_SCOPE, SetFeature.GENERAL_PURPOSE);
  }

  @TestFactory
  Stream<DynamicNode> frozen() {
    return suite(Mode.FROZEN);
  }

  private static Stream<DynamicNode> suite(Mode mode, Feature<?>... features) {
    StoreForSuites store = new StoreForSuites(mode);
    return store.suite(
        () ->
            NavigableSetTestSuiteBuilder.using(
                    new TestStringSortedSetGenerator() {
                      @Override
                      protected SortedSet<String> create(String[] elements) {
                        return store.set(elements);
                      }
                    })
                .named("set")
                .withFeatures(CollectionSize.ANY, CollectionFeature.KNOWN_ORDER)
                .withFeatures(features)
                .createTestSuite());
  }
}
