/**
 * The engine: an embedded, transactional key-value store of byte arrays. Start at {@link
 * org.macekv.Mace}.
 */
@org.jspecify.annotations.NullMarked
module org.macekv.core {
  requires static com.github.luben.zstd_jni;
  requires static com.google.errorprone.annotations;
  requires static transitive org.jspecify;

  exports org.macekv;
  exports org.macekv.error;
  exports org.macekv.option;
}
