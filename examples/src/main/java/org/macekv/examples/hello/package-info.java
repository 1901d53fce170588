/** The smallest program: a map that survives the process. */
@NullMarked
package org.macekv.examples.hello;

import org.jspecify.annotations.NullMarked;
