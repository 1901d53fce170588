/** What this JDK knows of characters, as entities that are found by their properties. */
@NullMarked
package org.macekv.examples.unicode;

import org.jspecify.annotations.NullMarked;
