/** Objects to bytes and back. Knows nothing of the engine. */
@org.jspecify.annotations.NullMarked
module org.macekv.serialization {
  requires com.esotericsoftware.kryo.kryo5;
  requires jdk.unsupported; // Objenesis, inside Kryo, makes objects without a constructor with it
  requires static com.fasterxml.jackson.databind; // for JsonSerializer alone
  requires static com.google.errorprone.annotations;
  requires static transitive org.jspecify;

  exports org.macekv.serialization;
}
