package org.macekv.collections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.macekv.error.ConflictException;
import org.macekv.error.MaceException;
import org.macekv.option.MaceOptions;
import org.macekv.serialization.KeyCodecs;
import org.macekv.serialization.Tuple2;

@Timeout(120)
class EntitiesTest {
  @TempDir Path directory;

  record User(String email, String city, int age, @Nullable String phone, List<String> tags) {
    User movedTo(String newCity) {
      return new User(email, newCity, age, phone, tags);
    }
  }

  /** A class with fields that change. */
  static class Account {
    long id;
    int balance;
    @Nullable String owner;

    Account() {}

    Account(long id, int balance, @Nullable String owner) {
      this.id = id;
      this.balance = balance;
      this.owner = owner;
    }

    long id() {
      return id;
    }

    @Nullable String owner() {
      return owner;
    }
  }

  private static User user(String email, String city, int age, @Nullable String phone) {
    return new User(email, city, age, phone, List.of());
  }

  private static EntitiesBuilder<String, User> builder(PersistentStore store) {
    return store
        .entities("users", User.class)
        .key(User::email)
        .index("city", User::city)
        .index("age", User::age)
        .unique("phone", User::phone)
        .indexEach("tag", String.class, User::tags);
  }

  private static List<String> emails(Query<String, User> query) {
    List<String> emails = query.list().stream().map(User::email).toList();
    assertThat(query.keys()).isEqualTo(emails);
    assertThat(query.count()).isEqualTo(emails.size());
    try (Stream<User> stream = query.stream()) {
      assertThat(stream.map(User::email)).isEqualTo(emails);
    }
    assertThat(query.first().map(User::email)).isEqualTo(emails.stream().findFirst());
    return emails;
  }

  // ---- Storing --------------------------------------------------------------------------------

  @Test
  void entitiesAreStoredFoundChangedAndDeleted() {
    try (PersistentStore store = PersistentStore.open(directory)) {
      Entities<String, User> users = builder(store).open();
      User ann = user("ann", "Berlin", 30, "1");
      assertThat(users.put(ann)).isNull();
      assertThat(users.insert(user("bob", "Paris", 20, null))).isTrue();
      assertThat(users.insert(user("bob", "Rome", 21, null))).isFalse();
      assertThat(users.get("ann")).isEqualTo(ann);
      assertThat(users.contains("bob")).isTrue();
      assertThat(users.put(ann.movedTo("Paris"))).isEqualTo(ann);
      assertThat(emails(users.where("city", "Paris"))).containsExactly("ann", "bob");
      assertThat(emails(users.where("city", "Berlin"))).isEmpty();
      assertThat(users.update("ann", u -> u.movedTo("Rome"))).isEqualTo(ann.movedTo("Rome"));
      assertThat(users.update("nobody", u -> u.movedTo("Rome"))).isNull();
      assertThat(emails(users.where("city", "Rome"))).containsExactly("ann");
      assertThat(users.delete("ann")).isTrue();
      assertThat(users.delete("ann")).isFalse();
      assertThat(emails(users.where("city", "Rome"))).isEmpty();
      assertThat(emails(users.where("phone", "1"))).isEmpty();
      assertThat(users.count()).isEqualTo(1);
      assertThat(users.name()).isEqualTo("users");
      assertThat(store.collection("users").orElseThrow().kind()).isEqualTo(CollectionKind.ENTITIES);
      assertThat(store.collection("users").orElseThrow().size()).isEqualTo(1);
    }
    try (PersistentStore store = PersistentStore.open(directory)) {
      Entities<String, User> users = builder(store).open();
      assertThat(users.indexProgress()).isEmpty();
      assertThat(emails(users.where("city", "Paris"))).containsExactly("bob");
    }
  }

  @Test
  void keyOfAnEntityDoesNotChange() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      Entities<String, User> users = builder(store).open();
      users.put(user("ann", "Berlin", 30, null));
      assertThatThrownBy(() -> users.update("ann", u -> user("bob", "Berlin", 30, null)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("ann")
          .hasMessageContaining("bob");
      assertThat(emails(users.all())).containsExactly("ann");
    }
  }

  @Test
  void objectsThatAreChangedInPlaceAreIndexedByWhatWasStored() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      Entities<Long, Account> accounts =
          store
              .entities("accounts", Account.class)
              .key(Account::id)
              .index("owner", Account::owner)
              .open();
      accounts.put(new Account(7, 100, "ann"));
      accounts.update(
          7L,
          account -> {
            account.owner = "bob";
            return account;
          });
      assertThat(accounts.where("owner", "ann").count()).isZero();
      assertThat(accounts.where("owner", "bob").keys()).containsExactly(7L);
      accounts.update(
          7L,
          account -> {
            account.owner = null;
            return account;
          });
      assertThat(accounts.whereBetween("owner", null, null).count()).isZero();
    }
  }

  @Test
  void uniqueValueOfAnotherIsRefused() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      Entities<String, User> users = builder(store).open();
      users.put(user("ann", "Berlin", 30, "1"));
      users.put(user("ann", "Paris", 31, "1")); // its own
      assertThatThrownBy(() -> users.put(user("bob", "Berlin", 20, "1")))
          .isInstanceOfSatisfying(
              UniqueViolationException.class,
              e -> {
                assertThat(e.index()).isEqualTo("phone");
                assertThat(e.value()).isEqualTo("1");
                assertThat(e.otherKey()).isEqualTo("ann");
                assertThat(e).hasMessageContaining("users").hasMessageContaining("bob");
              });
      assertThat(emails(users.all())).containsExactly("ann");
      assertThat(emails(users.where("city", "Berlin"))).isEmpty();
      users.put(user("ann", "Paris", 31, "2"));
      users.put(user("bob", "Berlin", 20, "1")); // it is free now
      assertThat(emails(users.where("phone", "1"))).containsExactly("bob");
    }
  }

  @Test
  void ofTwoScopesThatWantAUniqueValueOneMeetsAConflict() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      Entities<String, User> users = builder(store).open();
      TransactionScope scope = store.begin();
      users.put(user("ann", "Berlin", 30, "1"));
      OtherThread.run(() -> users.put(user("bob", "Berlin", 20, "1")));
      assertThatThrownBy(scope::commit).isInstanceOf(ConflictException.class);
      assertThat(emails(users.all())).containsExactly("bob");
    }
  }

  // ---- Queries --------------------------------------------------------------------------------

  @Test
  void queriesGiveWhatAWalkOverAllGives() {
    long seed = 28112026;
    Random random = new Random(seed);
    List<String> cities = List.of("", "a", "ab", "b", "b\0", "c");
    List<String> tags = List.of("x", "y", "z");
    TreeMap<String, User> expected = new TreeMap<>();
    try (PersistentStore store = PersistentStore.inMemory()) {
      Entities<String, User> users = builder(store).open();
      for (int step = 0; step < 1500; step++) {
        String email = "u" + random.nextInt(40);
        if (random.nextInt(4) == 0) {
          assertThat(users.delete(email)).isEqualTo(expected.remove(email) != null);
        } else {
          User user =
              new User(
                  email,
                  cities.get(random.nextInt(cities.size())),
                  random.nextInt(10) - 5,
                  random.nextBoolean() ? email : null,
                  tags.stream().filter(tag -> random.nextBoolean()).toList());
          assertThat(users.put(user)).isEqualTo(expected.put(email, user));
        }
        if (step % 25 == 0) {
          checkQueries(users, expected, random, cities, tags);
        }
      }
    }
  }

  private static void checkQueries(
      Entities<String, User> users,
      Map<String, User> expected,
      Random random,
      List<String> cities,
      List<String> tags) {
    Comparator<User> byEmail = Comparator.comparing(User::email);
    String city = cities.get(random.nextInt(cities.size()));
    String tag = tags.get(random.nextInt(tags.size()));
    int low = random.nextInt(10) - 5;
    int high = low + random.nextInt(6);
    Query<String, User> inCity = users.where("city", city);
    assertThat(emails(users.all())).isEqualTo(sorted(expected, u -> true, byEmail));
    assertThat(emails(inCity)).isEqualTo(sorted(expected, u -> u.city.equals(city), byEmail));
    assertThat(emails(inCity.reverse()))
        .isEqualTo(sorted(expected, u -> u.city.equals(city), byEmail.reversed()));
    Comparator<User> byAge = Comparator.comparing(User::age).thenComparing(byEmail);
    Predicate<User> between = u -> u.age >= low && u.age < high;
    assertThat(emails(users.whereBetween("age", low, high)))
        .isEqualTo(sorted(expected, between, byAge));
    assertThat(emails(users.whereBetween("age", low, high).reverse()))
        .isEqualTo(sorted(expected, between, byAge.reversed()));
    assertThat(emails(users.all().andBetween("age", low, false, high, true)))
        .isEqualTo(sorted(expected, u -> u.age > low && u.age <= high, byAge));
    assertThat(emails(users.whereBetween("age", null, high).limit(3)))
        .isEqualTo(sorted(expected, u -> u.age < high, byAge).stream().limit(3).toList());
    assertThat(emails(users.whereBetween("age", low, null)))
        .isEqualTo(sorted(expected, u -> u.age >= low, byAge));
    Comparator<User> byCity = Comparator.comparing(User::city).thenComparing(byEmail);
    assertThat(emails(users.wherePrefix("city", "b")))
        .isEqualTo(sorted(expected, u -> u.city.startsWith("b"), byCity));
    assertThat(emails(users.where("tag", tag)))
        .isEqualTo(sorted(expected, u -> u.tags.contains(tag), byEmail));
    assertThat(emails(users.whereBetween("tag", "x", "z")))
        .containsExactlyInAnyOrderElementsOf(
            sorted(expected, u -> u.tags.contains("x") || u.tags.contains("y"), byEmail));
    assertThat(emails(users.where("phone", "u7")))
        .isEqualTo(sorted(expected, u -> "u7".equals(u.phone), byEmail));
    // Several conditions: equal values, ranges, unique ones, and all of them.
    Predicate<User> both = u -> u.city.equals(city) && u.tags.contains(tag);
    assertThat(emails(inCity.and("tag", tag))).isEqualTo(sorted(expected, both, byEmail));
    assertThat(emails(inCity.and("tag", tag).reverse()))
        .isEqualTo(sorted(expected, both, byEmail.reversed()));
    assertThat(emails(inCity.and("tag", tag).and("age", low)))
        .isEqualTo(sorted(expected, both.and(u -> u.age == low), byEmail));
    assertThat(emails(inCity.andBetween("age", low, true, high, false)))
        .isEqualTo(sorted(expected, u -> u.city.equals(city) && between.test(u), byEmail));
    assertThat(emails(users.whereBetween("age", low, high).and("tag", tag).and("city", city)))
        .isEqualTo(sorted(expected, both.and(between), byAge));
    assertThat(emails(inCity.and("phone", "u7")))
        .isEqualTo(sorted(expected, u -> u.city.equals(city) && "u7".equals(u.phone), byEmail));
  }

  private static List<String> sorted(
      Map<String, User> users, Predicate<User> wanted, Comparator<User> order) {
    return users.values().stream().filter(wanted).sorted(order).map(User::email).toList();
  }

  @Test
  void severalPropertiesInOneIndex() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      Entities<String, User> users =
          store
              .entities("users", User.class)
              .key(User::email)
              .index(
                  "place",
                  KeyCodecs.tuple(KeyCodecs.STRING, KeyCodecs.INTEGER.reversed()),
                  u -> new Tuple2<>(u.city(), u.age()))
              .open();
      users.put(user("a", "Paris", 20, null));
      users.put(user("b", "Paris", 30, null));
      users.put(user("c", "Rome", 25, null));
      assertThat(emails(users.wherePrefix("place", "Paris"))).containsExactly("b", "a");
      assertThat(emails(users.where("place", new Tuple2<>("Rome", 25)))).containsExactly("c");
    }
  }

  @Test
  void wrongQueriesSayWhy() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      Entities<String, User> users = builder(store).open();
      assertThatThrownBy(() -> users.where("street", "x"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'street'")
          .hasMessageContaining("city");
      assertThatThrownBy(() -> users.where("age", "x")).isInstanceOf(ClassCastException.class);
      assertThatThrownBy(() -> users.wherePrefix("age", 3))
          .isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> users.all().limit(-1)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> builder(store).index("city", User::city))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'city'");
      assertThatThrownBy(() -> store.entities("x", User.class).key(User::tags))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("java.util.List");
      assertThatThrownBy(() -> store.entities("users", User.class).key(User::email).open())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("other indexes");
    }
  }

  // ---- Scopes and snapshots -------------------------------------------------------------------

  @Test
  void scopesAndSnapshotsHaveTheirOwnState() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      Entities<String, User> users = builder(store).open();
      users.put(user("ann", "Berlin", 30, "1"));
      try (Snapshot then = store.snapshot();
          TransactionScope scope = store.begin()) {
        users.put(user("bob", "Berlin", 20, "2"));
        users.delete("ann");
        assertThat(emails(users.where("city", "Berlin"))).containsExactly("bob");
        OtherThread.run(
            () -> {
              assertThat(emails(users.where("city", "Berlin"))).containsExactly("ann");
              assertThat(users.in(scope).where("city", "Berlin").count()).isEqualTo(1);
            });
        scope.commit();
        assertThat(emails(then.of(users).where("city", "Berlin"))).containsExactly("ann");
        assertThatThrownBy(() -> then.of(users).put(user("x", "y", 1, null)))
            .isInstanceOf(UnsupportedOperationException.class);
      }
      assertThat(emails(users.where("city", "Berlin"))).containsExactly("bob");
    }
  }

  @Test
  void streamIsOfOneStateAndLetsGoOfIt() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      Entities<String, User> users = builder(store).open();
      IntStream.range(0, 500).forEach(i -> users.put(user("u" + i, "Berlin", i, null)));
      List<User> read = new ArrayList<>();
      try (Stream<User> stream = users.where("city", "Berlin").stream()) {
        stream.forEach(
            u -> {
              users.delete(u.email());
              read.add(u);
            });
      }
      assertThat(read).hasSize(500);
      assertThat(users.count()).isZero();
    }
  }

  @Test
  void indexesAndEntitiesAgreeUnderConcurrentChanges() throws Exception {
    try (PersistentStore store = PersistentStore.inMemory()) {
      Entities<String, User> users = builder(store).open();
      List<FutureTask<Void>> writers = new ArrayList<>();
      for (int t = 0; t < 3; t++) {
        Random random = new Random(t);
        writers.add(
            new FutureTask<>(
                () -> {
                  for (int i = 0; i < 400; i++) {
                    String email = "u" + random.nextInt(10);
                    String city = "c" + random.nextInt(3);
                    if (random.nextInt(4) == 0) {
                      users.delete(email);
                    } else {
                      users.put(user(email, city, random.nextInt(5), email));
                    }
                    if (i % 20 == 0) {
                      assertThat(users.where("city", city).list())
                          .allMatch(u -> u.city().equals(city));
                    }
                  }
                  return null;
                }));
      }
      writers.forEach(writer -> new Thread(writer).start());
      for (FutureTask<Void> writer : writers) {
        writer.get();
      }
      requireConsistent(users);
    }
  }

  /** Each index finds each entity once, and nothing else. */
  private static void requireConsistent(Entities<String, User> users) {
    List<User> all = users.all().list();
    for (String index : List.of("city", "age")) {
      assertThat(users.whereBetween(index, null, null).list())
          .containsExactlyInAnyOrderElementsOf(all);
    }
    assertThat(users.whereBetween("phone", null, null).list())
        .containsExactlyInAnyOrderElementsOf(all.stream().filter(u -> u.phone() != null).toList());
  }

  // ---- Building and dropping ------------------------------------------------------------------

  private static Entities<String, User> withoutIndexes(PersistentStore store) {
    return store.entities("users", User.class).key(User::email).open();
  }

  @Test
  void indexesAreBuiltFromWhatIsThereAndGoneOnesAreEmptied() throws Exception {
    try (PersistentStore store = PersistentStore.open(directory)) {
      Entities<String, User> users = withoutIndexes(store);
      IntStream.range(0, 1000).forEach(i -> users.put(user("u" + i, "c" + i % 7, i, "p" + i)));
    }
    try (PersistentStore store = PersistentStore.open(directory)) {
      Entities<String, User> users = builder(store).open();
      users.put(user("new", "c1", 1, "p")); // while they are being built
      users.delete("u8");
      users.put(user("u0", "c1", 0, "p0"));
      users.awaitIndexes();
      assertThat(users.indexProgress()).isEmpty();
      requireConsistent(users);
      assertThat(users.where("city", "c1").count()).isEqualTo(143 + 1 - 1 + 1);
    }
    long before;
    try (PersistentStore store = PersistentStore.open(directory)) {
      before = store.mace().bucket("collection/1/index").count();
      Entities<String, User> users =
          store.entities("users", User.class).key(User::email).index("age", User::age).open();
      users.awaitIndexes();
      assertThat(users.where("age", 5).keys()).containsExactly("u5");
      assertThatThrownBy(() -> users.where("city", "c1"))
          .isInstanceOf(IllegalArgumentException.class);
      long after = store.mace().bucket("collection/1/index").count();
      assertThat(after).isEqualTo(1000 + 2).isLessThan(before); // and what it is, and a number
    }
    try (PersistentStore store = PersistentStore.open(directory)) {
      Entities<String, User> users = builder(store).open(); // again, with new numbers
      users.awaitIndexes();
      requireConsistent(users);
    }
  }

  @Test
  void indexThatIsBeingBuiltIsNotAskedAndGoesOnAfterReopening() throws Exception {
    try (PersistentStore store = PersistentStore.open(directory)) {
      Entities<String, User> users = withoutIndexes(store);
      IntStream.range(0, 3000).forEach(i -> users.put(user("u" + i, "c" + i % 7, i, "p" + i)));
    }
    int openings = 0;
    boolean done = false;
    while (!done) {
      try (PersistentStore store = PersistentStore.open(directory)) {
        Entities<String, User> users = builder(store).open();
        for (Map.Entry<String, Long> each : users.indexProgress().entrySet()) {
          try {
            users.whereBetween(each.getKey(), null, null);
          } catch (IllegalStateException e) {
            assertThat(e)
                .hasMessageContaining("is being built")
                .hasMessageContaining("awaitIndexes");
          }
        }
        Map<String, Long> begun = users.indexProgress();
        while (!begun.isEmpty() && users.indexProgress().equals(begun)) {
          Thread.onSpinWait(); // until there is something that may be lost
        }
        done = users.indexProgress().isEmpty();
        if (done) {
          requireConsistent(users);
        }
        openings++;
      } // closed in the middle of it
      assertThat(openings).isLessThan(200);
    }
  }

  @Test
  void uniqueIndexOfValuesThatAreNotIsNotBuilt() throws Exception {
    try (PersistentStore store = PersistentStore.open(directory)) {
      Entities<String, User> users = withoutIndexes(store);
      users.put(user("ann", "Berlin", 30, "1"));
      users.put(user("bob", "Berlin", 20, "1"));
    }
    try (PersistentStore store = PersistentStore.open(directory)) {
      Entities<String, User> users = builder(store).open();
      assertThatThrownBy(users::awaitIndexes)
          .isInstanceOf(UniqueViolationException.class)
          .hasMessageContaining("phone")
          .hasMessageContaining("ann");
      assertThatThrownBy(() -> users.where("phone", "1"))
          .isInstanceOf(IllegalStateException.class)
          .hasCauseInstanceOf(UniqueViolationException.class);
      users.put(user("bob", "Berlin", 20, "2")); // what is wrong can be put right
    }
    try (PersistentStore store = PersistentStore.open(directory)) {
      Entities<String, User> users = builder(store).open();
      users.awaitIndexes();
      requireConsistent(users);
      assertThat(users.where("phone", "1").keys()).containsExactly("ann");
    }
  }

  @Test
  void storeThatIsReadOnlyIsAskedAndBuildsNothing() {
    try (PersistentStore store = PersistentStore.open(directory)) {
      builder(store).open().put(user("ann", "Berlin", 30, "1"));
    }
    MaceOptions readOnly = MaceOptions.defaults().withReadOnly(true);
    try (PersistentStore store = PersistentStore.open(directory, readOnly)) {
      assertThat(emails(builder(store).open().where("city", "Berlin"))).containsExactly("ann");
    }
    try (PersistentStore store = PersistentStore.open(directory, readOnly)) {
      assertThatThrownBy(() -> builder(store).index("mail", User::email).open())
          .isInstanceOf(MaceException.class)
          .hasMessageContaining("'mail'");
    }
  }

  @Test
  void copyRenameAndDropTakeTheIndexesAlong() {
    try (PersistentStore store = PersistentStore.open(directory)) {
      Entities<String, User> users = builder(store).open();
      users.put(user("ann", "Berlin", 30, "1"));
      store.copy("users", "people");
      Entities<String, User> people =
          store
              .entities("people", User.class)
              .key(User::email)
              .index("city", User::city)
              .index("age", User::age)
              .unique("phone", User::phone)
              .indexEach("tag", String.class, User::tags)
              .open();
      assertThat(people.indexProgress()).isEmpty();
      assertThat(emails(people.where("city", "Berlin"))).containsExactly("ann");
      people.delete("ann");
      assertThat(emails(users.where("city", "Berlin"))).containsExactly("ann");
      store.rename("users", "members");
      users.put(user("bob", "Berlin", 20, "2"));
      store.drop("people");
      assertThat(store.mace().bucketNames()).doesNotContain("collection/2", "collection/2/index");
    }
    try (PersistentStore store = PersistentStore.open(directory)) {
      assertThat(store.collections().stream().map(CollectionInfo::name)).containsExactly("members");
      assertThat(store.mace().bucketNames()).contains("collection/1", "collection/1/index");
    }
  }

  // ---- References -----------------------------------------------------------------------------

  record Company(String name) {}

  record Employee(long id, @Nullable String company) {}

  @Test
  void referencesAreCheckedFromBothEnds() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      Entities<String, Company> companies =
          store.entities("companies", Company.class).key(Company::name).open();
      Entities<Long, Employee> employees =
          store
              .entities("employees", Employee.class)
              .key(Employee::id)
              .reference("company", Employee::company, companies)
              .open();
      companies.put(new Company("Acme"));
      employees.put(new Employee(1, "Acme"));
      employees.put(new Employee(2, null));
      assertThatThrownBy(() -> employees.put(new Employee(3, "None")))
          .isInstanceOf(ReferenceViolationException.class)
          .hasMessageContaining("None")
          .hasMessageContaining("companies");
      assertThatThrownBy(() -> companies.delete("Acme"))
          .isInstanceOf(ReferenceViolationException.class)
          .hasMessageContaining("Acme")
          .hasMessageContaining("employees");
      assertThat(employees.where("company", "Acme").keys()).containsExactly(1L);
      // One that begins to refer while the other is deleted.
      employees.delete(1L);
      TransactionScope scope = store.begin();
      employees.put(new Employee(4, "Acme"));
      OtherThread.run(() -> assertThat(companies.delete("Acme")).isTrue());
      assertThatThrownBy(scope::commit).isInstanceOf(ConflictException.class);
      assertThat(employees.count()).isEqualTo(1);
      // Both in one scope.
      store.transact(
          () -> {
            companies.put(new Company("New"));
            employees.put(new Employee(5, "New"));
          });
      assertThat(Objects.requireNonNull(employees.get(5L)).company()).isEqualTo("New");
    }
  }
}
