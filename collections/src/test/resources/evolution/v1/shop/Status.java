package shop;

public enum Status {
  NEW,
  REGULAR
}
