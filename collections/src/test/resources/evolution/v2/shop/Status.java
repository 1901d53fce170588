package shop;

public enum Status {
  VIP,
  REGULAR,
  FRESH
}
