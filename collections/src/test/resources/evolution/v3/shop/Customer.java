package shop;

public record Customer(String name, String visits, Address address, Status status) {}
