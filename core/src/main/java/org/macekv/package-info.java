/**
 * The public face of the engine. Read {@link org.macekv.Mace} first: it opens a store and gives
 * {@linkplain org.macekv.Bucket buckets}, {@linkplain org.macekv.Transaction transactions} and
 * {@linkplain org.macekv.View views}. Keys and values are byte arrays; keys are ordered as unsigned
 * bytes. Arrays that go in are copied or never touched again, arrays that come out belong to the
 * caller.
 */
package org.macekv;
