package shop;

public record Customer(String name, int visits, Address address, Status status) {}
