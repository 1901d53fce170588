/**
 * Programs that do real work on a Mace store. {@link org.macekv.examples.Examples} is the command
 * line over all of them; {@code hello} is the one to read first. Unlike the libraries, these
 * programs print.
 */
@NullMarked
package org.macekv.examples;

import org.jspecify.annotations.NullMarked;
