package shop;

public record Customer(
    Status status, String name, long visits, boolean active, Address address) {}
