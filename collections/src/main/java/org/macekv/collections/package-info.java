/** Persistent maps and sets. */
package org.macekv.collections;
