/** Values and order-preserving keys. */
package org.macekv.serialization;
