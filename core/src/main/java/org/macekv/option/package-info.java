/**
 * Options and the closed sets of choices: values without behaviour, usable by every package of the
 * engine. This package depends on nothing but {@code org.macekv.error}.
 */
package org.macekv.option;
