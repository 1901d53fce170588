package org.macekv.examples.atlas;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.macekv.examples.ParallelWork;
import org.macekv.examples.atlas.RuntimeImage.ClassFile;

/**
 * What is missing of an atlas, and how it gets there.
 *
 * <p>One transaction per class file, and one per module after its last class. Every key that a
 * class writes contains its name, so transactions of different classes never conflict. A build that
 * was killed is simply run again: what the store has is not read a second time.
 */
final class AtlasBuild {
  private final Atlas atlas;
  private final List<ModulePart> modules = new ArrayList<>();
  private final List<MissingClass> missing = new ArrayList<>();
  private int found;

  private AtlasBuild(Atlas atlas) {
    this.atlas = atlas;
  }

  /** A module that is not complete, and how many of its classes are still missing. */
  private record ModulePart(ModuleRecord module, AtomicInteger missingCount) {}

  /** A class that is missing. */
  private record MissingClass(ClassFile file, ModulePart part) {}

  /**
   * Compares the atlas with what it shall hold.
   *
   * @throws org.macekv.examples.CommandFailure if it is that of another JDK, or there is no such
   *     module
   */
  static AtlasBuild plan(Atlas atlas, RuntimeImage image, List<String> modules) {
    atlas.bindTo(image.version());
    AtlasBuild build = new AtlasBuild(atlas);
    for (String module : modules) {
      build.plan(module, image.classFiles(module));
    }
    return build;
  }

  private void plan(String module, List<ClassFile> files) {
    if (atlas.modules().containsKey(module)) {
      found += files.size();
      return;
    }
    List<ClassFile> left =
        files.stream().filter(file -> !atlas.classes().containsKey(file.className())).toList();
    found += files.size() - left.size();
    ModulePart part =
        new ModulePart(new ModuleRecord(module, files.size()), new AtomicInteger(left.size()));
    modules.add(part);
    left.forEach(file -> missing.add(new MissingClass(file, part)));
  }

  /** How many classes the atlas has already. */
  int found() {
    return found;
  }

  /** How many classes are to be added. */
  int missing() {
    return missing.size();
  }

  /** Adds what is missing; all of it is on the device when this returns. */
  void run(int threads, Progress progress) {
    modules.forEach(this::completeIfNothingIsMissing);
    ParallelWork.run(
        threads,
        missing,
        next -> {
          atlas.add(next.file().read());
          progress.advance();
          next.part().missingCount().decrementAndGet();
          completeIfNothingIsMissing(next.part());
        });
    atlas.sync();
  }

  /** Two threads may both see the last class done; the record that they write is the same. */
  private void completeIfNothingIsMissing(ModulePart part) {
    if (part.missingCount().get() == 0) {
      atlas.complete(part.module());
    }
  }
}
