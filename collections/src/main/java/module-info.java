/** Persistent {@code java.util} collections. */
@org.jspecify.annotations.NullMarked
module org.macekv.collections {
  requires com.github.benmanes.caffeine;
  requires transitive org.macekv.core;
  requires transitive org.macekv.serialization;
  requires static com.google.errorprone.annotations;
  requires static transitive org.jspecify;

  exports org.macekv.collections;
}
