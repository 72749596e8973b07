System.Console.WriteLine("gateway");
