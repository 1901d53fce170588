package org.macekv.examples.atlas;

import java.util.Locale;

/**
 * How much an atlas holds, by the sizes of its collections.
 *
 * @param modules complete modules
 * @param classes classes
 * @param names entries of the indexes by simple name, package and member name
 * @param counts the facts about the classes
 */
record AtlasSummary(int modules, int classes, int names, FactCounts counts) {

  static AtlasSummary of(Atlas atlas) {
    int names = atlas.simpleNames().size() + atlas.packages().size() + atlas.memberNames().size();
    FactCounts counts =
        new FactCounts(
            atlas.subtypes().size(),
            atlas.methods().size(),
            atlas.fields().size(),
            atlas.callers().size(),
            atlas.accessors().size(),
            atlas.referrers().size());
    return new AtlasSummary(atlas.modules().size(), atlas.classes().size(), names, counts);
  }

  /** All records and set elements. */
  int facts() {
    return classes
        + names
        + counts.supertypes()
        + counts.methods()
        + counts.fields()
        + counts.calls()
        + counts.accesses()
        + counts.references();
  }

  /** One line for each kind. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        """
        %,10d modules
        %,10d classes
        %,10d methods
        %,10d fields
        %,10d subtypes
        %,10d calls
        %,10d field accesses
        %,10d references
        %,10d entries in the indexes of names
        %,10d facts in all""",
        modules,
        classes,
        counts.methods(),
        counts.fields(),
        counts.supertypes(),
        counts.calls(),
        counts.accesses(),
        counts.references(),
        names,
        facts());
  }
}
