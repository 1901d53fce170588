package org.macekv.examples.unicode;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.macekv.collections.PersistentStore;
import org.macekv.collections.Query;
import org.macekv.examples.CommandFailure;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Finds characters; what is not stored yet is stored first. */
@Command(
    name = "unicode",
    description = "What this JDK knows of characters, as entities with indexes.",
    mixinStandardHelpOptions = true)
public final class UnicodeCommand {
  private final PrintStream out;

  /** Creates the command; its output goes to {@code out}. */
  public UnicodeCommand(PrintStream out) {
    this.out = out;
  }

  /** Finds characters that meet all that is said. */
  @Command(
      name = "find",
      description = "Prints the characters that meet all that is said.",
      mixinStandardHelpOptions = true)
  public void find(
      @Option(
              names = "--store",
              paramLabel = "DIR",
              description = "Where they are (default: ${DEFAULT-VALUE}).",
              defaultValue = "unicode-store")
          Path directory,
      @Option(
              names = "--end",
              paramLabel = "N",
              description = "Code points below it are stored (default: ${DEFAULT-VALUE}).",
              defaultValue = "131072")
          int end,
      @Option(names = "--prefix", description = "What the name begins with.")
          @Nullable String prefix,
      @Option(names = "--block", description = "The block.") @Nullable String block,
      @Option(names = "--script", description = "The script.") @Nullable String script,
      @Option(names = "--number", description = "The value as a number.") @Nullable Integer number,
      @Option(names = "--property", description = "A property; may be given several times.")
          @Nullable List<String> properties,
      @Option(
              names = "--limit",
              description = "How many are printed (default: ${DEFAULT-VALUE}).",
              defaultValue = "20")
          int limit) {
    CommandFailure.requireAtLeast(0, "--end", end);
    CommandFailure.requireAtLeast(0, "--limit", limit);
    MaceOptions options = MaceOptions.defaults().withDurability(Durability.WRITE);
    try (PersistentStore store = PersistentStore.open(directory, options)) {
      UnicodeDatabase database = new UnicodeDatabase(store);
      database.fill(end);
      Query<Integer, UnicodeCharacter> query = database.all();
      query = prefix == null ? query : query.andPrefix("name", prefix);
      query = block == null ? query : query.and("block", block);
      query = script == null ? query : query.and("script", script);
      query = number == null ? query : query.and("number", number);
      for (String property : properties == null ? List.<String>of() : properties) {
        query = query.and("property", property);
      }
      query.limit(limit).list().forEach(out::println);
      out.printf(Locale.ROOT, "%,d of %,d characters%n", query.count(), database.count());
    }
  }
}
