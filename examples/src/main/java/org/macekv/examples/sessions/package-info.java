/** Sessions of a web site that expire, and of which only so many are kept. */
@NullMarked
package org.macekv.examples.sessions;

import org.jspecify.annotations.NullMarked;
