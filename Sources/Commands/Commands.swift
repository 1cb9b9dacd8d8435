import ArgumentParser
import Domain
